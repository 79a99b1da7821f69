import type { QueueRow } from '@/api/types'

/** Filtering, sorting and totals of the queue monitor. */

export const QUEUE_SORT_KEYS = [
  'name',
  'waiting',
  'callbacks',
  'longest_since',
  'ready',
  'connected',
  'abandoned',
  'timed_out',
  'service_level',
  'answer_us_average',
  'abandonment_rate',
] as const
export type QueueSortKey = (typeof QUEUE_SORT_KEYS)[number]

const collator = new Intl.Collator(['zh', 'en'], { numeric: true })

/** The oldest wait counts as the longest; figures that don't exist come after all others. */
function compare(a: QueueRow, b: QueueRow, key: QueueSortKey, sign: number): number {
  if (key === 'name') return sign * collator.compare(a.name, b.name)
  const [x, y] = [a[key], b[key]]
  if (x === null || y === null) return Number(x === null) - Number(y === null)
  return sign * (key === 'longest_since' ? y - x : x - y)
}

export function arrangeQueues(rows: readonly QueueRow[], text: string, key: QueueSortKey, descending: boolean): QueueRow[] {
  const wanted = text.trim().toLowerCase()
  return rows
    .filter((row) => row.name.toLowerCase().includes(wanted))
    .sort((a, b) => compare(a, b, key, descending ? -1 : 1) || collator.compare(a.name, b.name))
}

export type QueueTotals = Omit<QueueRow, 'id' | 'name' | 'ready'>

/**
 * All queues together: counts are summed, the longest wait is the oldest, and each rate is weighed by what it is a
 * rate of (offered calls; connected calls for the speed of answer). Agents who serve several queues can't be summed.
 */
export function totals(rows: readonly QueueRow[]): QueueTotals {
  const sum = (value: (row: QueueRow) => number | null): number => rows.reduce((all, row) => all + (value(row) ?? 0), 0)
  const [offered, connected, abandoned] = [sum((row) => row.offered), sum((row) => row.connected), sum((row) => row.abandoned)]
  const oldest = Math.min(...rows.map((row) => row.longest_since ?? Infinity))
  return {
    waiting: sum((row) => row.waiting),
    callbacks: sum((row) => row.callbacks),
    longest_since: Number.isFinite(oldest) ? oldest : null,
    connected,
    abandoned,
    timed_out: sum((row) => row.timed_out),
    short: sum((row) => row.short),
    offered,
    service_level: offered ? sum((row) => (row.service_level ?? 0) * row.offered) / offered : null,
    answer_us_average: connected ? sum((row) => (row.answer_us_average ?? 0) * row.connected) / connected : null,
    abandonment_rate: offered ? abandoned / offered : null,
  }
}

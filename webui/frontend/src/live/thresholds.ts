import type { Limit, Limits, Thresholds, Watched } from '@/api/thresholds'
import type { QueueTotals } from './queues'

export type Level = 'warning' | 'alarm'

/** Of these, little is bad. */
export const LOW_IS_BAD: readonly Watched[] = ['ready', 'service_level']

/** What holds for a queue: its own, figure by figure, else the company's. */
export const limitsOf = ({ company, queues }: Thresholds, queue: string): Limits => ({ ...company, ...queues[queue] })

/** A queue's figures in the units of thresholds; null while there are none. */
export function watchedOf(row: QueueTotals & { ready?: number }, now: number): Record<Watched, number | null> {
  const percent = (share: number | null): number | null => (share === null ? null : share * 100)
  return {
    waiting: row.waiting,
    longest_wait_s: row.longest_since === null ? null : (now - row.longest_since) / 1_000_000,
    ready: row.ready ?? null,
    service_level: percent(row.service_level),
    answer_s: row.answer_us_average === null ? null : row.answer_us_average / 1_000_000,
    abandonment_rate: percent(row.abandonment_rate),
  }
}

/** How far a figure has come; null = all is well. */
export function levelOf(figure: Watched, value: number | null, limit: Limit | undefined): Level | null {
  if (value === null || !limit) return null
  const reached = (bound: number | null): boolean => bound !== null && (LOW_IS_BAD.includes(figure) ? value <= bound : value >= bound)
  return reached(limit.alarm) ? 'alarm' : reached(limit.warning) ? 'warning' : null
}

import type { LocationQueryRaw } from 'vue-router'
import { COUNTED, DIMENSIONS, type Counted, type Dimension } from '@/api/reports'
import { toQuery } from '@/components/stateFilter'
import { moment } from '@/live/time'
import type { ReportForm } from './reportForm'

/** The calls that a figure of a report counts, as the address of the call list holds them. */
export interface CountedCalls {
  figure: Counted
  by: Dimension
  /** The line; empty = all of them. */
  key: string
  /** Microseconds UTC; `until` is not included. */
  from: number
  until: number
  threshold: number | null
}

type Values = Record<string, unknown>

/** Null where the address names none, or was tampered with. */
export function countedOf(query: Values): CountedCalls | null {
  const figure = COUNTED.find((one) => one === query.figure)
  const [from, until, threshold] = [Number(query.figure_from), Number(query.figure_until), Number(query.threshold)]
  if (!figure || !Number.isSafeInteger(from) || !Number.isSafeInteger(until) || until <= from) return null
  return {
    figure,
    by: DIMENSIONS.find((one) => one === query.by) ?? 'total',
    key: String(query.key ?? ''),
    from,
    until,
    threshold: Number.isInteger(threshold) && threshold > 0 ? threshold : null,
  }
}

export const countedQuery = (counted: CountedCalls | null): LocationQueryRaw =>
  counted
    ? { figure: counted.figure, by: counted.by, key: counted.key || undefined, figure_from: String(counted.from), figure_until: String(counted.until), threshold: counted.threshold ? String(counted.threshold) : undefined }
    : {}

/** The list of the calls behind a figure of one line, or of all (`key` empty), of a report. */
export function callsOf(form: ReportForm, figure: Counted, key: string, from: number, until: number): LocationQueryRaw {
  return {
    ...countedQuery({ figure, by: form.by, key, from, until, threshold: form.threshold }),
    queue: form.queues,
    agent: form.agents,
    disposition: form.dispositions,
    tag: form.tags,
  }
}

/** What occupancy is made of. */
const AT_WORK = ['in_call', 'wrap_up', 'online', 'ringing']

/** The state log behind occupancy, of one agent's line or of all; null for a group's line, which the log has none of. */
export function statesOf(form: ReportForm, key: string, from: number, until: number, zone: string): LocationQueryRaw | null {
  if (form.by === 'group') return null
  const range: [string, string] = [moment(from, zone), moment(until - 1_000_000, zone)]
  return toQuery({ range, agents: key ? [key] : form.agents, withoutAgents: false, states: AT_WORK, withoutStates: false, device: '', causes: [] })
}

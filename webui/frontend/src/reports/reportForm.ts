import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { DIMENSIONS, FORMULAS, STEPS, type Dimension, type Formula, type ReportFilter, type Step } from '@/api/reports'
import { filled, lastDays, listOf, momentsOf, rangeOf } from '@/components/filterQuery'
import { GROUP_NAMES, type FigureGroup } from './figures'

/** The choices of a report as the address holds them. */
export interface ReportForm {
  /** Wall times in the company's time zone, `YYYY-MM-DD HH:mm:ss`. */
  range: [string, string]
  step: Step
  by: Dimension
  queues: string[]
  agents: string[]
  dispositions: string[]
  tags: string[]
  /** Seconds within which calls are to be answered; null = as each queue has it. */
  threshold: number | null
  formula: Formula
  /** Which figures are shown. */
  shows: FigureGroup[]
}

export const LONGEST_THRESHOLD = 3600

const among = <T extends string>(value: unknown, known: readonly T[], otherwise: T): T => known.find((one) => one === value) ?? otherwise

/** What is worth seeing first: of agents what they did, of all others what became of the callers. */
const usual = (by: Dimension): FigureGroup[] => (by === 'agent' || by === 'group' ? ['talks', 'out', 'survey'] : ['lines'])

/** Without a choice of time: the last seven days, today included. */
export function fromQuery(query: LocationQuery, now: number, zone: string): ReportForm {
  const threshold = Number(query.threshold)
  const by = among(query.by, DIMENSIONS, 'queue')
  const shows = GROUP_NAMES.filter((group) => listOf(query.show).includes(group))
  return {
    shows: shows.length ? shows : usual(by),
    range: rangeOf(query) ?? lastDays(7, now, zone),
    step: among(query.step, STEPS, 'day'),
    by,
    queues: listOf(query.queue),
    agents: listOf(query.agent),
    dispositions: listOf(query.disposition),
    tags: listOf(query.tag),
    threshold: Number.isInteger(threshold) && threshold >= 1 && threshold <= LONGEST_THRESHOLD ? threshold : null,
    formula: among(query.formula, FORMULAS, 'offered'),
  }
}

export function toQuery(form: ReportForm): LocationQueryRaw {
  return filled({ from: form.range[0], to: form.range[1], step: form.step, by: form.by, queue: form.queues, agent: form.agents, disposition: form.dispositions, tag: form.tags, threshold: form.threshold?.toString(), formula: form.formula, show: String(form.shows) === String(usual(form.by)) ? [] : form.shows })
}

/** What the server is asked for. */
export function toFilter(form: ReportForm, zone: string): ReportFilter {
  const { step, by, queues, agents, dispositions, tags, threshold, formula, range } = form
  const [from, until] = momentsOf(range, zone)
  return { step, by, queues, agents, dispositions, tags, threshold, formula, from, until }
}

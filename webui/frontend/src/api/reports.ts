import { queryString, type Api, type Query } from './client'

export const STEPS = ['hour', 'day', 'week', 'month'] as const
export type Step = (typeof STEPS)[number]
export const DIMENSIONS = ['total', 'queue', 'agent', 'group', 'number', 'tag'] as const
export type Dimension = (typeof DIMENSIONS)[number]
export const FORMULAS = ['offered', 'without_short', 'connected'] as const
export type Formula = (typeof FORMULAS)[number]

/** What is counted; each leads to its calls. */
export const COUNTS = ['offered', 'connected', 'abandoned', 'short', 'timed_out', 'called_back', 'callback_failed', 'other', 'handled', 'direct', 'placed', 'reached', 'forwarded', 'messages', 'asked', 'scored'] as const
/** Shares, 0-1; averages in microseconds; the survey's average. */
export const RATES = ['service_level', 'abandonment_rate', 'repeat_rate', 'occupancy', 'reach_rate', 'answered_share'] as const
export const AVERAGES = ['speed_of_answer_us', 'handle_time_us', 'talk_time_us', 'hold_time_us', 'wrap_up_time_us', 'out_handle_time_us'] as const
/** What else a list of calls can be asked for. */
export const COUNTED = [...COUNTS, 'within', 'repeated', 'unreached'] as const
export type Counted = (typeof COUNTED)[number]

/** Counts and what is made of them; null where nothing was there to divide by. Durations in microseconds. */
export type Figures = Record<Counted, number> & Record<(typeof RATES)[number] | (typeof AVERAGES)[number] | 'score', number | null>

export interface ReportLine {
  at: number
  key: string
  name: string
  figures: Figures
}

export interface Report {
  lines: ReportLine[]
  total: Figures
  /** Beginnings of all stretches of time, those without calls too. */
  steps: number[]
  formula: Formula
  threshold_s: number | null
}

export interface ReportFilter {
  from: number
  until: number
  step: Step
  by: Dimension
  queues: readonly string[]
  agents: readonly string[]
  /** Keys of results, and tags, that agents gave the calls. */
  dispositions: readonly string[]
  tags: readonly string[]
  threshold: number | null
  formula: Formula
}

const PATH = '/reports'

const query = (filter: ReportFilter): Query => ({
  from: filter.from,
  to: filter.until,
  step: filter.step,
  by: filter.by,
  queue: filter.queues,
  agent: filter.agents,
  disposition: filter.dispositions,
  tag: filter.tags,
  threshold_s: filter.threshold,
  formula: filter.formula,
})

/** How many times a figure's calls are behind it, and how many calls those are. */
export interface Behind {
  times: number
  calls: number
}

export class Reports {
  constructor(private readonly api: Api) {}

  show(filter: ReportFilter, signal?: AbortSignal): Promise<Report> {
    return this.api.get<Report>(PATH, query(filter), signal)
  }

  behind(filter: Query): Promise<Behind> {
    return this.api.get<Behind>(`${PATH}/behind`, filter)
  }
}

export const exportUrl = (filter: ReportFilter, format: 'csv' | 'xlsx'): string => `/api/v1${PATH}/export${queryString({ ...query(filter), format })}`

import { queryString, type Api, type Query } from './client'

export const STEPS = ['hour', 'day', 'week', 'month'] as const
export type Step = (typeof STEPS)[number]
export const DIMENSIONS = ['total', 'queue', 'agent', 'group', 'number'] as const
export type Dimension = (typeof DIMENSIONS)[number]
export const FORMULAS = ['offered', 'without_short', 'connected'] as const
export type Formula = (typeof FORMULAS)[number]

/** Counts and what is made of them; null where nothing was there to divide by. Durations in microseconds. */
export interface Figures {
  offered: number
  connected: number
  abandoned: number
  short: number
  timed_out: number
  other: number
  within: number
  repeated: number
  talk_us: number
  wrap_up_us: number
  service_level: number | null
  speed_of_answer_us: number | null
  handle_time_us: number | null
  abandonment_rate: number | null
  occupancy: number | null
  repeat_rate: number | null
}

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

export class Reports {
  constructor(private readonly api: Api) {}

  show(filter: ReportFilter, signal?: AbortSignal): Promise<Report> {
    return this.api.get<Report>(PATH, query(filter), signal)
  }
}

export const exportUrl = (filter: ReportFilter, format: 'csv' | 'xlsx'): string => `/api/v1${PATH}/export${queryString({ ...query(filter), format })}`

import type { Api } from './client'

/** Figures that can warn: calls, seconds, agents, percent. */
export const WATCHED = ['waiting', 'longest_wait_s', 'ready', 'service_level', 'answer_s', 'abandonment_rate'] as const
export type Watched = (typeof WATCHED)[number]

/** From where on a figure warns, and alarms; null = never. */
export interface Limit {
  warning: number | null
  alarm: number | null
}
export type Limits = Partial<Record<Watched, Limit>>

/** For all queues, and what differs for some, by the queue's id. */
export interface Thresholds {
  company: Limits
  queues: Record<string, Limits>
}

const PATH = '/config/thresholds'

export class ThresholdApi {
  constructor(private readonly api: Api) {}

  load(): Promise<Thresholds> {
    return this.api.get(PATH)
  }

  save(thresholds: Thresholds): Promise<Thresholds> {
    return this.api.put(PATH, thresholds)
  }
}

import type { Api } from './client'

/** Who is recorded, by key; null says nothing, so that the company's word counts (an agent's before a queue's). */
export type Words = Record<string, boolean | null>

export interface RecordingPolicy {
  record: boolean
  /** An agent's pause ends by itself after so many seconds. */
  pause_s: number
  /** Recordings are deleted after so many days; null: never. */
  days: number | null
  queues: Words
  agents: Words
}

export class RecordingPolicies {
  constructor(private readonly api: Api) {}

  get(): Promise<RecordingPolicy> {
    return this.api.get('/config/recording')
  }

  save(policy: RecordingPolicy): Promise<RecordingPolicy> {
    return this.api.put('/config/recording', policy)
  }
}

import { queryString, type Api, type Query } from './client'
import type { AgentState, AnswerMode } from './types'

export const DEVICES = ['registered', 'unregistered'] as const

/** An agent was in one state; times and durations in microseconds, `ended` and `duration_us` null while it lasts. */
export interface StateInterval {
  agent: string
  agent_name: string
  state: AgentState
  reason: string
  mode: AnswerMode
  registered: boolean
  started: number
  ended: number | null
  duration_us: number | null
  cause: string
  by: string | null
  by_name: string | null
  call: string | null
}

export interface StateFilter {
  from?: number
  until?: number
  agents: readonly string[]
  withoutAgents: boolean
  states: readonly string[]
  withoutStates: boolean
  device: string
  causes: readonly string[]
}

const PATH = '/state-log'

export const stateQuery = (filter: StateFilter): Query => ({
  from: filter.from,
  to: filter.until,
  agent: filter.agents,
  without_agents: filter.withoutAgents ? 'true' : undefined,
  state: filter.states,
  without_states: filter.withoutStates ? 'true' : undefined,
  device: filter.device,
  cause: filter.causes,
})

export class StateLog {
  constructor(private readonly api: Api) {}

  list(filter: StateFilter, cursor: string | null, signal?: AbortSignal): Promise<{ items: StateInterval[]; next: string | null }> {
    return this.api.get(PATH, { ...stateQuery(filter), cursor, limit: 100 }, signal)
  }
}

export const exportUrl = (filter: StateFilter, format: 'csv' | 'xlsx'): string => `/api/v1${PATH}/export${queryString({ ...stateQuery(filter), format })}`

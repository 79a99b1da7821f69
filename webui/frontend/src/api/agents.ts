import type { Api } from './client'
import type { AnswerMode, ChosenState } from './types'

/** What a person can do to an agent; the server refuses it with the reason while the agent rings or talks (STATE-2). */
export class AgentActions {
  constructor(private readonly api: Api) {}

  setState(agent: string, state: ChosenState, reason = ''): Promise<void> {
    return this.api.post(`/agents/${encodeURIComponent(agent)}/state`, { state, reason })
  }

  setMode(agent: string, mode: AnswerMode): Promise<void> {
    return this.api.put(`/agents/${encodeURIComponent(agent)}/answer-mode`, { mode })
  }

  forceLogout(agent: string): Promise<void> {
    return this.api.post(`/agents/${encodeURIComponent(agent)}/forced-logout`)
  }

  finishWrapUp(agent: string): Promise<void> {
    return this.api.post(`/agents/${encodeURIComponent(agent)}/wrap-up/finish`)
  }
}

import type { Api } from './client'

/** Whether an agent has chosen a PIN for the agents' service; the PIN itself is never told. */
export interface AgentPin {
  chosen: boolean
}

export class Pins {
  constructor(private readonly api: Api) {}

  of(agent: string): Promise<AgentPin> {
    return this.api.get(path(agent))
  }

  choose(pin: string): Promise<AgentPin> {
    return this.api.put(path('me'), { pin })
  }

  forget(agent: string): Promise<AgentPin> {
    return this.api.delete(path(agent))
  }
}

const path = (agent: string): string => `/agents/${encodeURIComponent(agent)}/pin`

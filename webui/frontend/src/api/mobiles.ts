import type { Api } from './client'

export const MOBILE_SHOWS = ['customer', 'own'] as const
export type MobileShows = (typeof MOBILE_SHOWS)[number]

/** How agents answer on their mobiles: the company's rules. */
export interface MobileRules {
  shows: MobileShows
  /** The owned number that is shown; empty = the one that was dialled. */
  caller_id: string
  /** Asks to press 1; empty = a prepared piece. */
  prompt: string
  confirm_s: number
  language: 'zh' | 'en'
  /** Agents may change their own number. */
  own_number: boolean
}

/** An agent's mobile, and whether whoever looks may change it. */
export interface AgentMobile {
  number: string
  may_change: boolean
}

export class Mobiles {
  constructor(private readonly api: Api) {}

  rules(): Promise<MobileRules> {
    return this.api.get('/config/mobile')
  }

  saveRules(rules: MobileRules): Promise<MobileRules> {
    return this.api.put('/config/mobile', rules)
  }

  of(agent: string): Promise<AgentMobile> {
    return this.api.get(path(agent))
  }

  save(agent: string, number: string): Promise<AgentMobile> {
    return this.api.put(path(agent), { number })
  }
}

const path = (agent: string): string => `/agents/${encodeURIComponent(agent)}/mobile`

import type { Api } from './client'

/** A number that the own calls may show; `usual` is the one that is shown without a choice. */
export interface CallerId {
  number: string
  usual: boolean
}

/** What agents may call, how often, and what is shown (OUT-1, SAFE-4). Limits are null where there are none; amounts are text. */
export interface CallingOutRules {
  caller_id: string
  group_caller_ids: Record<string, string>
  agent_caller_ids: Record<string, string>
  choosable: string[]
  international: boolean
  premium: boolean
  allowed: string[]
  denied: string[]
  hours: string
  ring_s: number
  at_once: number | null
  tenant_calls: number | null
  agent_calls: number | null
  tenant_spend: string | number | null
  agent_spend: string | number | null
  today: { live: number; calls: number; spend: string }
}

/** Calls that agents place, and the rules for them. */
export class OutboundCalls {
  constructor(private readonly api: Api) {}

  /** Ring the own phone, then the number; every refusal says why, and rings nobody. */
  place(number: string, callerId: string): Promise<{ id: string }> {
    return this.api.post('/outbound-calls', { number, caller_id: callerId })
  }

  async callerIds(): Promise<CallerId[]> {
    return (await this.api.get<{ items: CallerId[] }>('/outbound-calls/caller-ids')).items
  }

  rules(): Promise<CallingOutRules> {
    return this.api.get('/config/calling-out')
  }

  save(rules: CallingOutRules): Promise<CallingOutRules> {
    return this.api.put('/config/calling-out', rules)
  }
}

import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { StateFilter } from '@/api/stateLog'
import { DEVICES } from '@/api/stateLog'
import { AGENT_STATES } from '@/api/types'
import { amongOf, filled, listOf, momentsOf, rangeOf } from './filterQuery'

/** What begins an interval of the state log, as the server names it. */
export const CAUSES = [
  'chosen', 'mode', 'device', 'forced_logout', 'offered', 'answered', 'connected', 'call_ended', 'wrapped_up', 'wrap_up_limit',
  'offer_no_answer', 'offer_not_confirmed', 'no_mobile', 'offer_refused', 'offer_unreachable', 'offer_cancelled',
  'calls_out', 'reached', 'not_reached', 'given_up', 'not_placed', 'consulted', 'consult_over', 'taken_over', 'form_opened', 'form_closed',
  'by_phone', 'pin_wrong', 'pin_right', 'pin_reset', 'device_lost', 'restored', 'freed', 'configuration', 'day',
] as const

/** The filters of the state log as the address holds them. */
export interface StateForm {
  /** Wall times in the company's time zone, `YYYY-MM-DD HH:mm:ss`; null = any time. */
  range: [string, string] | null
  agents: string[]
  withoutAgents: boolean
  states: string[]
  withoutStates: boolean
  device: string
  causes: string[]
}

export function fromQuery(query: LocationQuery): StateForm {
  return {
    range: rangeOf(query),
    agents: listOf(query.agent),
    withoutAgents: query.without_agents === '1',
    states: amongOf(query.state, AGENT_STATES),
    withoutStates: query.without_states === '1',
    device: amongOf(query.device, DEVICES)[0] ?? '',
    causes: amongOf(query.cause, CAUSES),
  }
}

export function toQuery(form: StateForm): LocationQueryRaw {
  return filled({
    from: form.range?.[0],
    to: form.range?.[1],
    agent: form.agents,
    without_agents: form.withoutAgents && form.agents.length ? '1' : undefined,
    state: form.states,
    without_states: form.withoutStates && form.states.length ? '1' : undefined,
    device: form.device,
    cause: form.causes,
  })
}

/** What the server is asked for. */
export function toFilter(form: StateForm, zone: string): StateFilter {
  const { agents, withoutAgents, states, withoutStates, device, causes } = form
  const [from, until] = form.range ? momentsOf(form.range, zone) : []
  return {
    agents, withoutAgents, states, withoutStates, device, causes, from, until,
  } as StateFilter
}

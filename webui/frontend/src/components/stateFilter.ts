import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { StateFilter } from '@/api/stateLog'
import { DEVICES } from '@/api/stateLog'
import { AGENT_STATES } from '@/api/types'
import { fromWall } from '@/live/time'

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

const list = (value: LocationQuery[string] | undefined): string[] => [value ?? []].flat().filter((one): one is string => Boolean(one))
const WALL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
const among = (values: string[], known: readonly string[]): string[] => values.filter((one) => known.includes(one))

export function fromQuery(query: LocationQuery): StateForm {
  const [from, to] = [String(query.from ?? ''), String(query.to ?? '')]
  return {
    range: WALL.test(from) && WALL.test(to) ? [from, to] : null,
    agents: list(query.agent),
    withoutAgents: query.without_agents === '1',
    states: among(list(query.state), AGENT_STATES),
    withoutStates: query.without_states === '1',
    device: among(list(query.device), DEVICES)[0] ?? '',
    causes: among(list(query.cause), CAUSES),
  }
}

export function toQuery(form: StateForm): LocationQueryRaw {
  const query = {
    from: form.range?.[0],
    to: form.range?.[1],
    agent: form.agents,
    without_agents: form.withoutAgents && form.agents.length ? '1' : undefined,
    state: form.states,
    without_states: form.withoutStates && form.states.length ? '1' : undefined,
    device: form.device,
    cause: form.causes,
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value?.length))
}

/** What the server is asked for; the last second is meant whole. */
export function toFilter(form: StateForm, zone: string): StateFilter {
  const { agents, withoutAgents, states, withoutStates, device, causes } = form
  const [from, until] = form.range ?? []
  return {
    agents, withoutAgents, states, withoutStates, device, causes,
    from: from && fromWall(from, zone),
    until: until && fromWall(until, zone) + 1_000_000,
  } as StateFilter
}

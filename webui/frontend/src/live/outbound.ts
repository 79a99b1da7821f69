import type { AgentState, OwnSeat, Unreached } from '@/api/types'

/** What the desk shows of calls that the agent places. */

/** States from which an agent may call (OUT-1); the server checks it again. */
const FREE: readonly AgentState[] = ['online', 'break', 'busy', 'wrap_up']

export const mayCall = (own: OwnSeat | null): boolean => whyNotCall(own) === null

/** What keeps the agent from calling, as the key of a text: the state, or no device that would ring first; null = nothing. */
export function whyNotCall(own: OwnSeat | null): 'notNow' | 'noDevice' | null {
  if (own === null || !FREE.includes(own.row.state)) return 'notNow'
  return own.row.mode === 'web' && !own.row.registered ? 'noDevice' : null
}

/** Whether the mobile rings first, not the phone of this page (MOB-1). */
export const callsByMobile = (own: OwnSeat | null): boolean => own?.row.mode === 'mobile'

/** A call that the agent has placed and nobody has answered yet. */
export const isRinging = (own: OwnSeat): boolean => Boolean(own.call?.placed && own.call.placed !== 'connected')

const WHY: Record<string, readonly string[]> = {
  busy: ['USER_BUSY'],
  no_answer: ['NO_ANSWER', 'NO_USER_RESPONSE', 'ALLOTTED_TIMEOUT', 'ORIGINATOR_CANCEL'],
  refused: ['CALL_REJECTED'],
  invalid: ['UNALLOCATED_NUMBER', 'INVALID_NUMBER_FORMAT', 'NO_ROUTE_DESTINATION'],
  unavailable: ['SUBSCRIBER_ABSENT', 'USER_NOT_REGISTERED'],
}

/** Why a call came to nothing, as the key of a text: the switch's cause in plain words; anything else is the line's fault. */
export function whyUnreached({ outcome, cause }: Pick<Unreached, 'outcome' | 'cause'>): string {
  if (outcome === 'not_placed' && cause === 'NOT_CONFIRMED') return 'not_confirmed'
  if (outcome !== 'not_reached') return outcome
  return Object.keys(WHY).find((key) => WHY[key]?.includes(cause)) ?? 'line'
}

/** What people paste is a number with all sorts around it: keep what can be dialled. */
export const cleanNumber = (text: string): string => text.replace(/^\s*tel:/i, '').replace(/[^\d+*#]/g, '').slice(0, 32)

import type { PlainAct, SupervisorAct } from '@/api/callControl'
import type { OwnSeat, Permission, SeatRow } from '@/api/types'

/** What can be done with a running call as it stands now; the server checks each again. */

/** Acts that ask for a target first. */
export type TargetAct = 'transfer' | 'consult'
export type AgentAct = PlainAct | TargetAct

/** Whether the agent is the one whom the call's agent asks, and has no say in the call. */
export const isAsked = (own: OwnSeat): boolean => own.call?.consult?.agent === own.row.id

/** The agent's acts on the own call, in the order of their buttons. */
export function agentActs(own: OwnSeat): AgentAct[] {
  const { call } = own
  if (!call?.connected || own.row.state !== 'in_call' || isAsked(own)) return []
  switch (call.consult?.state) {
    case undefined:
      return [call.held ? 'resume' : 'hold', 'transfer', 'consult']
    case 'talking':
      return ['complete', 'conference', 'return']
    case 'conference':
      return ['complete', 'return']
    case 'returning':
      return []
    default:
      return ['return']
  }
}

/** A supervisor's acts, in the order of the menu, and the permission for each. */
export const SUPERVISOR_ACTS: readonly (readonly [SupervisorAct, Permission])[] = [
  ['listen', 'calls.listen'],
  ['whisper', 'calls.whisper'],
  ['barge', 'calls.barge'],
  ['take-over', 'calls.take_over'],
  ['stop-supervising', 'calls.listen'],
  ['hang-up', 'calls.hang_up'],
]

/** What a supervisor may do to the call of a seat; the own call is not supervised, but may be ended. */
export function supervisorActs(row: SeatRow, ownAgent: string | null, may: (permission: Permission) => boolean): SupervisorAct[] {
  if (!row.call || row.state !== 'in_call') return []
  return SUPERVISOR_ACTS.filter(([act, permission]) => may(permission) && (row.id !== ownAgent || act === 'hang-up')).map(([act]) => act)
}

/** Acts that may ring the supervisor's own phone. */
export const ringsOwnPhone = (act: SupervisorAct): boolean => act === 'listen' || act === 'whisper' || act === 'barge'

/** All acts but ending a call use the supervisor's own device, thus a seat. */
export const needsSeat = (act: SupervisorAct): boolean => act !== 'hang-up'

/** The own phone was to listen to a call of `agent` and could not be reached, for a cause of the switch. */
export interface NotListening {
  call: string
  agent: string
  cause: string
}

const FAILURES = {
  unanswered: ['NO_ANSWER', 'NO_USER_RESPONSE', 'ORIGINATOR_CANCEL', 'ALLOTTED_TIMEOUT', 'GONE'],
  busy: ['USER_BUSY'],
  refused: ['CALL_REJECTED', 'NORMAL_CLEARING'],
  absent: ['USER_NOT_REGISTERED', 'SUBSCRIBER_ABSENT'],
} as const
export type Failure = keyof typeof FAILURES | 'unreachable'

/** What a cause of the switch means to the supervisor; any other: the phone could not be reached. */
export function failureOf(cause: string): Failure {
  const found = (Object.keys(FAILURES) as (keyof typeof FAILURES)[]).find((failure) => (FAILURES[failure] as readonly string[]).includes(cause))
  return found ?? 'unreachable'
}

import type { Api } from './client'

/** Acts of an agent on the own call that need nothing but the call. */
export type PlainAct = 'hold' | 'resume' | 'complete' | 'return' | 'conference'
/** The pause of the own call's recording, for card numbers. */
export type RecordingAct = 'recording/pause' | 'recording/resume'
/** Acts of a supervisor on anybody's call (SUP-1). */
export type SupervisorAct = 'listen' | 'whisper' | 'barge' | 'take-over' | 'stop-supervising' | 'hang-up'

/** What is done with a running call; a refusal changes nothing and says why. */
export class CallControl {
  constructor(private readonly api: Api) {}

  act(call: string, act: PlainAct | RecordingAct | SupervisorAct): Promise<unknown> {
    return this.api.post(`${path(call)}/${act}`)
  }

  /** Into a queue's line: at its end, or with `keepPlace` ahead of those who called later. */
  transfer(call: string, queue: string, keepPlace: boolean): Promise<unknown> {
    return this.api.post(`${path(call)}/transfer`, { way: 'queue', target: queue, keep_place: keepPlace })
  }

  /** To an agent who is online; where nobody answers the caller goes back to the line. */
  transferToAgent(call: string, agent: string): Promise<unknown> {
    return this.api.post(`${path(call)}/transfer`, { way: 'agent', target: agent })
  }

  /** To a number outside; whom nobody takes there goes back to the line. */
  transferOutside(call: string, number: string): Promise<unknown> {
    return this.api.post(`${path(call)}/transfer`, { way: 'number', target: number })
  }

  consult(call: string, agent: string): Promise<unknown> {
    return this.api.post(`${path(call)}/consult`, { way: 'agent', target: agent })
  }

  consultOutside(call: string, number: string): Promise<unknown> {
    return this.api.post(`${path(call)}/consult`, { way: 'number', target: number })
  }
}

const path = (call: string): string => `/calls/${encodeURIComponent(call)}`

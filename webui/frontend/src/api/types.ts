/** What the server says and is told. Times are integer microseconds UTC, which fit in a JavaScript number. */

export const AGENT_STATES = ['online', 'break', 'busy', 'offline', 'ringing', 'in_call', 'wrap_up'] as const
export type AgentState = (typeof AGENT_STATES)[number]

/** States that people choose; the others are entered and left only by what happens to calls (STATE-1). */
export const CHOSEN_STATES = ['online', 'break', 'busy', 'offline'] as const
export type ChosenState = (typeof CHOSEN_STATES)[number]

export const ANSWER_MODES = ['web', 'mobile'] as const
export type AnswerMode = (typeof ANSWER_MODES)[number]

export const PLACED_STAGES = ['own_phone', 'dialling', 'ringing', 'early_media', 'connected'] as const
export type PlacedStage = (typeof PLACED_STAGES)[number]

/** What goes into a recording: what is said, or silence, by the agent's pause or the policy. */
export const RECORDING_SOUNDS = ['recorded', 'paused', 'off'] as const

/** The agent's last call that came to nothing: how (an outcome), and the switch's cause. */
export interface Unreached {
  number: string
  outcome: string
  cause: string
  at: number
}

export interface SeatRow {
  id: string
  name: string
  group: string
  state: AgentState
  reason: string
  since: number
  mode: AnswerMode
  registered: boolean
  call: string | null
  queue: string | null
  caller: string | null
  /** How far a call is that the agent has placed; null for one that came in. */
  placed?: PlacedStage | null
  /** Null where the call is not recorded. */
  recording?: (typeof RECORDING_SOUNDS)[number] | null
  connected_in: number
  connected_out: number
}

/** An agent as other agents see it; online and not ready means that no device is registered. */
export interface Colleague {
  id: string
  name: string
  group: string
  state: AgentState
  ready: boolean
}

export interface QueueRow {
  id: string
  name: string
  waiting: number
  /** Callbacks promised and not reached yet; no part of `waiting`. */
  callbacks: number
  longest_since: number | null
  ready: number
  connected: number
  abandoned: number
  timed_out: number
  short: number
  offered: number
  service_level: number | null
  answer_us_average: number | null
  abandonment_rate: number | null
}

/** The agent's own seat: `due` is when wrap-up ends by itself, if it does. */
export interface OwnSeat {
  row: SeatRow
  chosen: ChosenState
  due: number | null
  call: OwnCall | null
  /** The id of the page that has the web phone, empty for other phones. */
  page: string
  unreached?: Unreached | null
}

/** The live call of an agent. */
export interface OwnCall {
  id: string
  caller: string
  caller_name: string
  number: string
  arrived: number
  queue: string | null
  entered: number | null
  connected: number | null
  /** Since when the caller is on hold. */
  held: number | null
  /** Whom the call's agent asks meanwhile. */
  consult: LiveConsult | null
  /** Null where nothing is recorded. */
  recording?: LiveRecording | null
  /** Set where the agent has called: `caller` is then who is called, `number` what is shown. */
  placed?: PlacedStage | null
}

/** The recording of a live call: since when it is paused, until when at most; `off` where the policy silences it. */
export interface LiveRecording {
  id: string
  paused: number | null
  until: number | null
  off: boolean
}

export const CONSULT_STATES = ['dialling', 'ringing', 'confirming', 'answered', 'returning', 'talking', 'conference'] as const
export interface LiveConsult {
  /** An agent's id, or a number outside; the other is empty. */
  agent: string
  number: string
  state: (typeof CONSULT_STATES)[number]
  since: number
}

/** What a person may do; the server checks each again. */
export type Permission =
  | 'alerts.view'
  | 'audit.view'
  | 'billing.edit'
  | 'seats.order'
  | 'billing.view'
  | 'blacklist.edit'
  | 'blacklist.view'
  | 'callbacks.act'
  | 'calls.barge'
  | 'calls.hang_up'
  | 'calls.listen'
  | 'calls.take_over'
  | 'calls.view_live'
  | 'calls.view_queue_monitor'
  | 'calls.whisper'
  | 'config.edit'
  | 'config.view'
  | 'customers.edit'
  | 'customers.manage'
  | 'customers.view'
  | 'forms.edit'
  | 'jobs.replay'
  | 'jobs.view'
  | 'names.view'
  | 'own_account.use'
  | 'own_calls.control'
  | 'own_calls.place'
  | 'own_state.change'
  | 'prompts.edit'
  | 'prompts.view'
  | 'recordings.delete'
  | 'recordings.download'
  | 'recordings.hold'
  | 'recordings.listen'
  | 'records.export'
  | 'records.view'
  | 'reports.schedule'
  | 'reports.view'
  | 'roles.edit'
  | 'seats.act'
  | 'seats.view'
  | 'state_log.view'
  | 'team.edit'
  | 'team.view'
  | 'tokens.manage'
  | 'voicemail.act'
  | 'voicemail.view'
  | 'webhooks.edit'
  | 'webhooks.view'

export interface Tenant {
  id: string
  name: string
  timezone: string
  /** ISO 3166, two letters. */
  country: string
  break_reasons: string[]
  /** Whether it is served; `until` is when its seats have run out, null = never. */
  service: { standing: 'valid' | 'not_begun' | 'expired' | 'suspended'; reason: string; until: number | null }
  /** Told to those who may see the bill. */
  low_balance: { limit: string; currency: string; since: number } | null
}

export interface User {
  id: string
  login: string
  name: string
  role: string
  /** zh, en, or empty for the browser's. */
  language: string
  /** The agent this user is, if any. */
  agent_id: string | null
}

/** Who is logged in, where, and what is allowed. Operators of the platform have no tenant. */
export interface Session {
  user: User
  tenant: Tenant | null
  permissions: Permission[]
}

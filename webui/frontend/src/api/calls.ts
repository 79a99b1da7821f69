import { ApiError, type Api, type Query } from './client'
import type { CallForm } from './forms'
import type { CountedCalls } from '@/reports/drillDown'

export const OUTCOMES = ['connected', 'abandoned', 'timed_out', 'turned_away', 'left_menu', 'forwarded', 'service', 'blocked', 'refused', 'unpaid', 'voicemail', 'called_back', 'callback_failed', 'reached', 'not_reached', 'given_up', 'not_placed', 'lost'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Whether the customer called or was called. */
export const DIRECTIONS = ['in', 'out'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** What a caller can answer in the survey, best first. */
export const SCORES = [5, 4, 3, 2, 1] as const
export type Score = (typeof SCORES)[number]

/** A customer's call that is over; durations and times in microseconds. `queue` and `agent` are the last ones. */
export interface CallRecord {
  call: string
  caller: string
  caller_name: string
  number: string
  queue: string | null
  agent: string | null
  arrived: number
  answered: number | null
  connected: number | null
  ended: number
  wait_us: number
  ring_us: number
  talk_us: number
  /** The part of the talk on hold; null in older records. */
  hold_us?: number | null
  outcome: Outcome
  short: boolean
  hung_up_by: string
  cause: string
  /** The blacklist's entry that refused the call. */
  blocked_by?: string | null
  /** Why the company wasn't served. */
  refused?: string | null
  /** What the caller answered in the survey, 1-5. */
  score?: number | null
  /** What agents wrote about it. */
  forms?: CallForm[]
  /** `out`: an agent has called; `caller` is then the customer called, `number` what was shown. */
  direction?: Direction
  /** Whether a recording of the talk can be heard. */
  recorded?: boolean
}

/** A call that is not over; `agent` talks to the caller or is being asked. */
export interface LiveCall {
  id: string
  state: string
  since: number
  caller: string
  caller_name: string
  number: string
  queue: string | null
  agent: string | null
  arrived: number
  entered: number | null
  connected: number | null
  direction?: Direction
}

export interface CallLeg {
  leg: string
  role: string
  agent: string | null
  created: number
  progress: number | null
  answered: number | null
  ended: number
  billed_ms: number
  cause: string
  hung_up: boolean
}

export interface QueueStay {
  queue: string
  entered: number
  ended: number
  priority: number
  wait_us: number
  outcome: Outcome
  short: boolean
  within_service_level: boolean
  agent: string | null
}

export const STRATEGIES = ['round_robin', 'random', 'fewest_answered', 'longest_idle'] as const
export const VERDICTS = ['chosen', 'behind', 'failed', 'not_drawn', 'not_yet'] as const
/** What an agent of a queue can be doing. */
export const STANDINGS = ['ready', 'no_device', 'ringing', 'in_call', 'wrap_up', 'break', 'busy', 'offline'] as const

/** Why an offer went to its agent: the first ready agents, the lowest `rank`, then `score`, first, and what all the queue's did. */
export interface OfferChoice {
  strategy: (typeof STRATEGIES)[number]
  candidates: { agent: string; rank: number; score: number; verdict: (typeof VERDICTS)[number] }[]
  standings: Partial<Record<(typeof STANDINGS)[number], number>>
  /** Agents who were not ready, and what they were doing; not all of a large queue's. */
  others: Record<string, (typeof STANDINGS)[number]>
}

/** The calls answered today in a score of the strategy `fewest_answered`. */
export const answeredToday = (score: number): number => Math.floor(score / 10 ** 13)

export interface Offer {
  leg: string
  queue: string
  agent: string
  offered: number
  rang: number | null
  won: number | null
  ended: number
  result: string
  cause: string
  choice: OfferChoice | null
}

/** What happened, as it was written down; the fields depend on `type`. */
export interface StoryEvent {
  type: string
  at: number
  [field: string]: unknown
}

export interface CallDetail extends CallRecord {
  switch: string
  legs: CallLeg[]
  stays: QueueStay[]
  offers: Offer[]
}

export interface CallFilter {
  /** Undefined = either. */
  direction?: Direction
  /** Whether a recording of the talk can be heard; undefined = either. */
  recorded?: boolean
  /** Moments in microseconds UTC; `until` is not included. */
  from?: number
  until?: number
  queues: string[]
  agents: string[]
  outcomes: Outcome[]
  /** Of the survey, 1-5. */
  scores: Score[]
  /** Keys of results, and tags, that agents gave the calls. */
  dispositions?: string[]
  tags?: string[]
  number: string
  /** When they left a queue's line; queues and agents are then those of that stay. */
  leftFrom?: number
  leftUntil?: number
  /** The figure of a report whose calls are meant. */
  counted?: CountedCalls | null
}

export interface CallPage {
  items: CallRecord[]
  next: string | null
}

const PAGE = 50

/** The filter as the server is asked. */
export const callQuery = (filter: CallFilter): Query => ({
  from: filter.from,
  to: filter.until,
  direction: filter.direction,
  recorded: filter.recorded === undefined ? undefined : String(filter.recorded),
  queue: filter.queues,
  agent: filter.agents,
  outcome: filter.outcomes,
  score: filter.scores.map(String),
  disposition: filter.dispositions,
  tag: filter.tags,
  number: filter.number.trim(),
  left_from: filter.counted?.from ?? filter.leftFrom,
  left_to: filter.counted?.until ?? filter.leftUntil,
  figure: filter.counted?.figure,
  by: filter.counted?.by,
  key: filter.counted?.key || undefined,
  threshold_s: filter.counted?.threshold,
})

export class Calls {
  constructor(private readonly api: Api) {}

  /** One page, newest first; `cursor` is `next` of the page before. */
  list(filter: CallFilter, cursor: string | null, signal?: AbortSignal): Promise<CallPage> {
    return this.api.get('/calls', { ...callQuery(filter), cursor, limit: PAGE }, signal)
  }

  async live(): Promise<LiveCall[]> {
    return (await this.api.get<{ items: LiveCall[] }>('/calls/live')).items
  }

  /** The record; null while there is none. */
  show(call: string): Promise<CallDetail | null> {
    return orNull(this.api.get(`/calls/${encodeURIComponent(call)}`))
  }

  /** Events, decisions and commands as far as they are written down; null while nothing is. */
  async story(call: string): Promise<StoryEvent[] | null> {
    const found = await orNull(this.api.get<{ items: StoryEvent[] }>(`/calls/${encodeURIComponent(call)}/story`))
    return found && found.items
  }
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

import type { CallDetail, StoryEvent } from '@/api/calls'

/** Turns a call's events into lanes of bars and marks: who did what, from when to when. All times are microseconds. */

export const BAR_KINDS = ['menu', 'wait', 'callback', 'dial', 'ring', 'talk', 'hold', 'consult', 'conference', 'survey', 'message', 'wrap_up', 'recording', 'paused'] as const
export type BarKind = (typeof BAR_KINDS)[number]
export const MARK_KINDS = ['key', 'route', 'transfer', 'supervised', 'promise', 'score', 'refused', 'hung_up'] as const
export type MarkKind = (typeof MARK_KINDS)[number]
export const LANE_KINDS = ['customer', 'queue', 'agent', 'outside', 'recording'] as const
export type LaneKind = (typeof LANE_KINDS)[number]

export interface Bar {
  kind: BarKind
  from: number
  to: number
  /** How it ended, as a text's key: an offer's result or a stay's outcome. */
  end?: string
}

export interface Mark {
  kind: MarkKind
  at: number
  event: StoryEvent
}

export interface Lane {
  key: string
  kind: LaneKind
  /** Of the queue or the agent, or the number outside; empty for others. */
  id: string
  bars: Bar[]
  marks: Mark[]
}

export interface Timeline {
  from: number
  to: number
  lanes: Lane[]
}

/** Lanes in the order of `LANE_KINDS`, each kind's by when it began; at most one bar of a lane is open. */
class Lanes {
  readonly all = new Map<string, Lane>()
  private readonly open = new Map<Lane, { kind: BarKind; from: number }>()

  lane(kind: LaneKind, id = ''): Lane {
    const key = `${kind}:${id}`
    const known = this.all.get(key)
    if (known) return known
    const lane: Lane = { key, kind, id, bars: [], marks: [] }
    this.all.set(key, lane)
    return lane
  }

  begin(lane: Lane, kind: BarKind, from: number): void {
    this.close(lane, from)
    this.open.set(lane, { kind, from })
  }

  close(lane: Lane, to: number, end?: string): void {
    const begun = this.open.get(lane)
    this.open.delete(lane)
    if (begun && to > begun.from) lane.bars.push({ ...begun, to, ...(end ? { end } : {}) })
  }

  is(lane: Lane, kind: BarKind): boolean {
    return this.open.get(lane)?.kind === kind
  }

  closeAll(to: number, but: (lane: Lane) => boolean = () => false): void {
    for (const lane of [...this.open.keys()]) if (!but(lane)) this.close(lane, to)
  }

  mark(lane: Lane, kind: MarkKind, event: StoryEvent, at = event.at): void {
    lane.marks.push({ kind, at, event })
  }

  /** When whoever is on the telephone left it: wrap-up isn't on the telephone. */
  left(lane: Lane, last: number): number {
    const on = this.open.has(lane) && !this.is(lane, 'wrap_up')
    return on ? last : (lane.bars.filter((bar) => bar.kind !== 'wrap_up').at(-1)?.to ?? last)
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

type Step = (lanes: Lanes, event: StoryEvent) => void

const customer = (lanes: Lanes): Lane => lanes.lane('customer')
const agentOf = (lanes: Lanes, event: StoryEvent): Lane => lanes.lane('agent', text(event.agent))
const both = (lanes: Lanes, event: StoryEvent, kind: BarKind): void => {
  lanes.begin(agentOf(lanes, event), kind, event.at)
  lanes.begin(customer(lanes), kind, event.at)
}
/** Whoever is asked by an agent: another agent, or a telephone outside. */
const askedOf = (lanes: Lanes, event: StoryEvent): Lane => (event.asked ? lanes.lane('agent', text(event.asked)) : lanes.lane('outside', text(event.number)))

const CONSULTS: Record<string, BarKind> = { dialling: 'dial', ringing: 'ring', confirming: 'ring', answered: 'consult', returning: 'consult', talking: 'consult', conference: 'conference', completed: 'talk' }
const PARTIES: Record<string, LaneKind> = { caller: 'customer', agent: 'agent', outside: 'outside' }

function consulted(lanes: Lanes, event: StoryEvent): void {
  const asked = askedOf(lanes, event)
  const kind = CONSULTS[text(event.consult)]
  if (!kind) {
    lanes.close(asked, event.at)
    return
  }
  lanes.begin(asked, kind, event.at)
  if (kind === 'consult') lanes.begin(agentOf(lanes, event), 'consult', event.at)
  if (kind === 'conference') both(lanes, event, 'conference')
}

function holdEnded(lanes: Lanes, event: StoryEvent): void {
  if (event.how === 'resumed' || event.how === 'returned') both(lanes, event, 'talk')
  else if (event.how !== 'conference') lanes.close(customer(lanes), event.at)
}

function routed(lanes: Lanes, event: StoryEvent): void {
  lanes.mark(customer(lanes), 'route', event)
  if (event.way === 'voicemail') lanes.begin(customer(lanes), 'message', event.at)
  else if (!lanes.is(customer(lanes), 'menu')) lanes.begin(customer(lanes), 'menu', event.at)
}

function changed(lanes: Lanes, event: StoryEvent): void {
  const { id, state } = event.agent as { id: string; state: string }
  const lane = lanes.lane('agent', id)
  if (state === 'wrap_up' && event.previous !== 'wrap_up') lanes.begin(lane, 'wrap_up', event.at)
  else if (event.previous === 'wrap_up' && state !== 'wrap_up') lanes.close(lane, event.at)
}

function ended(lanes: Lanes, event: StoryEvent): void {
  const kind = PARTIES[text(event.hung_up_by)] ?? 'customer'
  const candidates = [...lanes.all.values()].filter((lane) => lane.kind === kind)
  const lane = candidates.at(-1) ?? customer(lanes)
  // An agent who hangs up leaves the caller to the survey: the call ends later.
  lanes.mark(lane, 'hung_up', event, kind === 'customer' ? event.at : lanes.left(lane, event.at))
  lanes.closeAll(event.at, (lane) => lanes.is(lane, 'wrap_up'))
}

const refused: Step = (lanes, event) => lanes.mark(customer(lanes), 'refused', event)

const STEPS: Record<string, Step> = {
  call_arrived: (lanes, event) => lanes.begin(customer(lanes), 'menu', event.at),
  call_placed: (lanes, event) => lanes.begin(agentOf(lanes, event), 'ring', event.at),
  call_blocked: refused,
  call_turned_down: refused,
  call_unpaid: refused,
  call_routed: routed,
  key_pressed: (lanes, event) => lanes.mark(customer(lanes), 'key', event),
  queue_entered: (lanes, event) => {
    lanes.begin(lanes.lane('queue', text(event.queue)), 'wait', event.at)
    lanes.begin(customer(lanes), 'wait', event.at)
  },
  queue_left: (lanes, event) => {
    lanes.close(lanes.lane('queue', text(event.queue)), event.at, `outcome.${text(event.outcome)}`)
  },
  offer_made: (lanes, event) => lanes.begin(agentOf(lanes, event), 'dial', event.at),
  offer_alerted: (lanes, event) => lanes.begin(agentOf(lanes, event), 'ring', event.at),
  offer_ended: (lanes, event) => lanes.close(agentOf(lanes, event), event.at, `offer.${text(event.result)}`),
  connected: (lanes, event) => both(lanes, event, 'talk'),
  agent_left: (lanes, event) => {
    if (!lanes.is(agentOf(lanes, event), 'wrap_up')) lanes.close(agentOf(lanes, event), event.at)
    if (lanes.is(customer(lanes), 'talk')) lanes.close(customer(lanes), event.at)
  },
  call_held: (lanes, event) => both(lanes, event, 'hold'),
  hold_ended: holdEnded,
  consult_changed: consulted,
  call_transferred: (lanes, event) => lanes.mark(agentOf(lanes, event), 'transfer', event),
  supervised: (lanes, event) => lanes.mark(agentOf(lanes, event), 'supervised', event),
  forward_started: (lanes, event) => {
    lanes.begin(lanes.lane('outside', text(event.number)), 'ring', event.at)
    lanes.begin(customer(lanes), 'ring', event.at)
  },
  forwarded: (lanes, event) => {
    lanes.begin(lanes.lane('outside', text(event.number)), 'talk', event.at)
    lanes.begin(customer(lanes), 'talk', event.at)
  },
  forward_ended: (lanes, event) => lanes.close(lanes.lane('outside', text(event.number)), event.at, `offer.${text(event.result)}`),
  customer_rung: (lanes, event) => {
    if (!lanes.is(customer(lanes), 'ring')) lanes.begin(customer(lanes), 'ring', event.at)
  },
  callback_promised: (lanes, event) => {
    lanes.mark(customer(lanes), 'promise', event)
    lanes.begin(customer(lanes), 'callback', event.at)
  },
  callback_tried: (lanes, event) => lanes.begin(customer(lanes), 'ring', event.at),
  callback_missed: (lanes, event) => {
    lanes.close(customer(lanes), event.at, 'offer.no_answer')
    if (event.again) lanes.begin(customer(lanes), 'callback', event.at)
  },
  survey_begun: (lanes, event) => lanes.begin(customer(lanes), 'survey', event.at),
  surveyed: (lanes, event) => lanes.mark(customer(lanes), 'score', event),
  recording_started: (lanes, event) => lanes.begin(lanes.lane('recording'), 'recording', event.at),
  recording_paused: (lanes, event) => lanes.begin(lanes.lane('recording'), 'paused', event.at),
  recording_resumed: (lanes, event) => lanes.begin(lanes.lane('recording'), 'recording', event.at),
  recording_stopped: (lanes, event) => lanes.close(lanes.lane('recording'), event.at),
  agent_changed: changed,
  call_ended: ended,
}

/** What a record alone tells, where its events are no longer kept. */
function ofRecord(record: CallDetail): Lanes {
  const lanes = new Lanes()
  const put = (lane: Lane, kind: BarKind, from: number | null, to: number | null, end?: string): void => {
    if (from !== null && to !== null && to > from) lane.bars.push({ kind, from, to, ...(end ? { end } : {}) })
  }
  const first = Math.min(record.ended, ...record.stays.map((stay) => stay.entered), record.connected ?? record.ended)
  put(customer(lanes), 'menu', record.direction === 'out' ? null : record.arrived, first)
  put(customer(lanes), 'talk', record.connected, record.ended)
  for (const stay of record.stays) put(lanes.lane('queue', stay.queue), 'wait', stay.ended - stay.wait_us, stay.ended, `outcome.${stay.outcome}`)
  for (const offer of record.offers) put(lanes.lane('agent', offer.agent), 'ring', offer.rang, offer.won ?? offer.ended, `offer.${offer.result}`)
  for (const leg of record.legs) if (leg.role === 'agent' && leg.agent) put(lanes.lane('agent', leg.agent), 'talk', leg.answered, leg.ended)
  return lanes
}

function ofStory(story: readonly StoryEvent[], now: number): Lanes {
  const lanes = new Lanes()
  for (const event of story) STEPS[event.type]?.(lanes, event)
  lanes.closeAll(now)
  return lanes
}

/** The lanes of a call; those of one in progress reach to `now`. Null while nothing has happened. */
export function timelineOf(record: CallDetail | null, story: readonly StoryEvent[], now: number): Timeline | null {
  const whole = story.some((event) => event.type === 'call_arrived' || event.type === 'call_placed')
  const over = record ? Math.max(record.ended, ...story.map((event) => event.at)) : now
  const lanes = whole || !record ? ofStory(story, over) : ofRecord(record)
  const shown = [...lanes.all.values()].filter((lane) => lane.bars.length || lane.marks.length)
  if (!shown.length) return null
  shown.sort((a, b) => LANE_KINDS.indexOf(a.kind) - LANE_KINDS.indexOf(b.kind))
  const times = shown.flatMap((lane) => [...lane.bars.flatMap((bar) => [bar.from, bar.to]), ...lane.marks.map((mark) => mark.at)])
  return { from: Math.min(...times), to: Math.max(...times), lanes: shown }
}

const SECOND = 1_000_000
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]

/** Where an axis of `most` places at most has its ticks: round times since the beginning, microseconds. */
export function ticks(length: number, most: number): number[] {
  const step = (STEPS_S.find((seconds) => length / (seconds * SECOND) <= most) ?? Math.ceil(length / SECOND / most)) * SECOND
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, place) => place * step)
}

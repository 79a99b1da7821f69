import type { MockWorld } from './mockWorld.ts'
import type { CallDetail, CallRecord, LiveCall, OfferChoice, Outcome, StoryEvent } from '../src/api/calls'

/** Call records of the made-up backend: a few hundred, the same after every start. */

const SECOND = 1_000_000
const TOTAL = 180
const PAGE = 50
const BEGIN = Date.now() * 1000
const OUTCOMES: Outcome[] = ['connected', 'connected', 'connected', 'abandoned', 'connected', 'timed_out']

function record(index: number): CallRecord {
  const outcome = OUTCOMES[index % OUTCOMES.length] as Outcome
  const arrived = BEGIN - (index + 1) * 437 * SECOND
  const [wait, talk] = [(3 + (index * 7) % 90) * SECOND, (20 + (index * 13) % 600) * SECOND]
  const connected = outcome === 'connected' ? arrived + wait : null
  return {
    call: `8a0f6d2c-${String(index).padStart(4, '0')}-4c1e-9a77-5f3e2b1d0c9a`,
    caller: `+86138${String(10000000 + index * 7919)}`,
    caller_name: index % 5 ? '' : '张女士',
    number: '+864008001234',
    queue: `q${index % 12}`,
    agent: connected ? `a${1 + (index % 40)}` : null,
    arrived,
    answered: arrived,
    connected,
    ended: (connected ?? arrived + wait) + (connected ? talk : 0),
    wait_us: wait,
    ring_us: Math.min(wait, 6 * SECOND),
    talk_us: connected ? talk : 0,
    hold_us: connected && index % 4 === 0 ? 35 * SECOND : 0,
    outcome,
    short: outcome === 'abandoned' && wait < 5 * SECOND,
    hung_up_by: outcome === 'timed_out' ? 'system' : index % 3 ? 'caller' : 'agent',
    cause: 'NORMAL_CLEARING',
    score: connected && index % 3 ? 5 - (index % 5) : null,
  }
}

const RECORDS = Array.from({ length: TOTAL }, (_, index) => record(index))

/** Calls of the agents who ring or talk now. */
export function live(world: MockWorld): { now: number; items: LiveCall[] } {
  const engaged = [...world.seats.values()].filter((seat) => seat.call && seat.state !== 'wrap_up').slice(0, 3)
  const items = engaged.map((seat) => ({
    id: seat.call ?? '',
    state: seat.state === 'in_call' ? 'connected' : 'offered',
    since: seat.since,
    caller: seat.caller ?? '',
    caller_name: '',
    number: '+864008001234',
    queue: seat.queue,
    agent: seat.id,
    arrived: seat.since - 9 * SECOND,
    entered: seat.since - 9 * SECOND,
    connected: seat.state === 'in_call' ? seat.since : null,
  }))
  return { now: world.now(), items }
}

export function calls(query: URLSearchParams): unknown {
  const wanted = (name: string, value: string | null): boolean => !query.has(name) || query.getAll(name).includes(value ?? '')
  const found = RECORDS.filter(
    (row) =>
      wanted('queue', row.queue) &&
      wanted('agent', row.agent) &&
      wanted('outcome', row.outcome) &&
      wanted('score', row.score ? String(row.score) : null) &&
      row.caller.includes(query.get('number') ?? '') &&
      row.arrived >= Number(query.get('from') ?? 0) &&
      row.arrived < Number(query.get('to') ?? Infinity),
  )
  const start = Number(query.get('cursor') ?? 0)
  const next = start + PAGE
  return { items: found.slice(start, next), next: next < found.length ? String(next) : null }
}

export function call(id: string): { status: number; body: CallDetail } | null {
  const found = RECORDS.find((row) => row.call === id)
  return found ? { status: 200, body: detail(found) } : null
}

function detail(row: CallRecord): CallDetail {
  const [queue, agent, end] = [row.queue ?? '', row.agent ?? 'a2', row.ended]
  const won = row.connected ? row.connected - 180_000 : null
  const offer = { leg: 'leg-2', queue, agent, offered: row.arrived + SECOND, rang: row.arrived + 1.3 * SECOND, won, ended: row.connected ?? end, result: won ? 'accepted' : 'no_answer', cause: won ? '' : 'NO_ANSWER', choice: choice(row, agent) }
  return {
    ...row,
    switch: 'fs1',
    legs: [
      { leg: row.call, role: 'caller', agent: null, created: row.arrived, progress: null, answered: row.arrived + 20_000, ended: end, billed_ms: (end - row.arrived) / 1000, cause: row.cause, hung_up: row.hung_up_by === 'caller' },
      { leg: 'leg-2', role: 'agent', agent, created: offer.offered, progress: offer.rang, answered: won, ended: end, billed_ms: row.talk_us / 1000, cause: row.cause, hung_up: row.hung_up_by === 'agent' },
    ],
    stays: [{ queue, entered: row.arrived + 30_000, ended: row.arrived + row.wait_us, priority: 0, wait_us: row.wait_us, outcome: row.outcome, short: row.short, within_service_level: row.wait_us < 20 * SECOND, agent: row.agent }],
    offers: [{ ...offer, leg: 'leg-1', agent: 'a7', offered: row.arrived + 200_000, ended: row.arrived + 900_000, rang: null, won: null, result: 'unreachable', cause: 'USER_NOT_REGISTERED', choice: null }, offer],
  }
}

function choice(row: CallRecord, agent: string): OfferChoice {
  return {
    strategy: 'longest_idle',
    candidates: [
      { agent: 'a7', rank: 1, score: row.arrived - 300 * SECOND, verdict: 'failed' },
      { agent, rank: 1, score: row.arrived - 200 * SECOND, verdict: 'chosen' },
      { agent: 'a9', rank: 1, score: row.arrived - 80 * SECOND, verdict: 'behind' },
    ],
    standings: { ready: 3, in_call: 4, break: 1, offline: 2 },
    others: { a2: 'in_call', a3: 'break' },
  }
}

export function story(id: string): { status: number; body: { items: StoryEvent[] } } | null {
  const found = RECORDS.find((row) => row.call === id)
  return found ? { status: 200, body: { items: events(found, found.queue ?? '', found.agent ?? 'a2', found.ended) } } : null
}

function events(row: CallRecord, queue: string, agent: string, end: number): StoryEvent[] {
  const at = (us: number): number => row.arrived + us
  return [
    { type: 'call_arrived', at: at(0), switch: 'fs1', caller: row.caller, caller_name: row.caller_name, number: row.number },
    { type: 'queue_entered', at: at(30_000), queue, priority: 0, entered: at(30_000), limit: at(120 * SECOND) },
    { type: 'commands_decided', at: at(30_100), trigger: 'call_arrived', commands: ['answer', 'cancel fallback', 'play music default'] },
    { type: 'offer_made', at: at(200_000), queue, agent: 'a7', leg: 'leg-1', rings_out: at(20 * SECOND) },
    { type: 'offer_ended', at: at(900_000), queue, agent: 'a7', leg: 'leg-1', offered: at(200_000), result: 'unreachable', cause: 'USER_NOT_REGISTERED' },
    { type: 'offer_made', at: at(SECOND), queue, agent, leg: 'leg-2', rings_out: at(21 * SECOND) },
    { type: 'commands_decided', at: at(SECOND + 80), trigger: 'offer_made', commands: ['originate leg-2 to user/1002, ring 20 s'] },
    { type: 'offer_alerted', at: at(1.3 * SECOND), agent, leg: 'leg-2' },
    ...(row.connected
      ? [
          { type: 'offer_won', at: row.connected - 180_000, agent, leg: 'leg-2' },
          { type: 'connected', at: row.connected, queue, agent, leg: 'leg-2' },
          { type: 'agent_changed', at: row.connected, agent: { id: agent, state: 'in_call' }, previous: 'ringing', previous_since: at(SECOND), cause: 'answered' },
        ]
      : []),
    { type: 'queue_left', at: at(row.wait_us), queue, entered: at(30_000), wait: row.wait_us, outcome: row.outcome, short: row.short },
    { type: 'call_ended', at: end, outcome: row.outcome, hung_up_by: row.hung_up_by, cause: row.cause },
  ]
}

import { describe, expect, it } from 'vitest'
import type { CallDetail, StoryEvent } from '@/api/calls'
import { ticks, timelineOf } from '@/live/timeline'

const S = 1_000_000
const event = (type: string, seconds: number, more: Record<string, unknown> = {}): StoryEvent => ({ type, at: seconds * S, call: 'c', ...more })
const record = (more: Partial<CallDetail> = {}): CallDetail => ({
  call: 'c', caller: '1', caller_name: '', number: '4001', queue: 'q1', agent: 'a2', arrived: 0, answered: 0, connected: 20 * S, ended: 90 * S, wait_us: 10 * S, ring_us: 5 * S, talk_us: 60 * S,
  outcome: 'connected', short: false, hung_up_by: 'caller', cause: '', switch: 's', legs: [], stays: [], offers: [], ...more,
})
/** `menu 0-10` for each bar of a lane. */
const bars = (line: ReturnType<typeof timelineOf>, key: string): string[] => line?.lanes.find((lane) => lane.key === key)?.bars.map((bar) => `${bar.kind} ${bar.from / S}-${bar.to / S}`) ?? []

const STORY: StoryEvent[] = [
  event('call_arrived', 0),
  event('call_routed', 1, { way: 'menu', target: 'main', reason: 'open' }),
  event('key_pressed', 8, { menu: 'main', key: '2', valid: true }),
  event('call_routed', 10, { way: 'queue', target: 'q1', reason: 'key' }),
  event('queue_entered', 10, { queue: 'q1' }),
  event('offer_made', 10, { queue: 'q1', agent: 'a1' }),
  event('offer_alerted', 11, { agent: 'a1' }),
  event('offer_ended', 15, { agent: 'a1', result: 'refused' }),
  event('offer_made', 15, { queue: 'q1', agent: 'a2' }),
  event('offer_alerted', 16, { agent: 'a2' }),
  event('offer_ended', 20, { agent: 'a2', result: 'accepted' }),
  event('queue_left', 20, { queue: 'q1', outcome: 'connected' }),
  event('connected', 20, { agent: 'a2', queue: 'q1' }),
  event('call_held', 30, { agent: 'a2' }),
  event('consult_changed', 31, { agent: 'a2', asked: 'a3', consult: 'ringing', number: '' }),
  event('consult_changed', 35, { agent: 'a2', asked: 'a3', consult: 'talking', number: '' }),
  event('consult_changed', 40, { agent: 'a2', asked: 'a3', consult: 'ended', number: '' }),
  event('hold_ended', 40, { agent: 'a2', how: 'returned', held: 10 * S }),
  event('call_transferred', 50, { agent: 'a2', way: 'number', target: '139' }),
  event('agent_left', 50, { agent: 'a2' }),
  event('agent_changed', 50, { agent: { id: 'a2', state: 'wrap_up' }, previous: 'in_call' }),
  event('forward_started', 50, { number: '139' }),
  event('forwarded', 55, { number: '139' }),
  event('forward_ended', 90, { number: '139', result: 'ended' }),
  event('call_ended', 90, { outcome: 'connected', hung_up_by: 'outside' }),
  event('agent_changed', 95, { agent: { id: 'a2', state: 'online' }, previous: 'wrap_up' }),
]

describe("a call's picture (CDR-1)", () => {
  it('has a lane each for customer, queue, agents and telephones outside, with what each did', () => {
    const line = timelineOf(record(), STORY, 0)
    expect(line?.lanes.map((lane) => lane.key)).toEqual(['customer:', 'queue:q1', 'agent:a1', 'agent:a2', 'agent:a3', 'outside:139'])
    expect(bars(line, 'customer:')).toEqual(['menu 0-10', 'wait 10-20', 'talk 20-30', 'hold 30-40', 'talk 40-50', 'ring 50-55', 'talk 55-90'])
    expect(bars(line, 'queue:q1')).toEqual(['wait 10-20'])
    expect(bars(line, 'agent:a1')).toEqual(['dial 10-11', 'ring 11-15'])
    expect(bars(line, 'agent:a2')).toEqual(['dial 15-16', 'ring 16-20', 'talk 20-30', 'hold 30-35', 'consult 35-40', 'talk 40-50', 'wrap_up 50-95'])
    expect(bars(line, 'agent:a3')).toEqual(['ring 31-35', 'consult 35-40'])
    expect(bars(line, 'outside:139')).toEqual(['ring 50-55', 'talk 55-90'])
    expect([line?.from, line?.to]).toEqual([0, 95 * S])
  })

  it('marks keys, ways, transfers and who hung up, and says how offers and stays ended', () => {
    const line = timelineOf(record(), STORY, 0)
    const marks = line?.lanes.flatMap((lane) => lane.marks.map((mark) => `${lane.key} ${mark.kind} ${mark.at / S}`))
    expect(marks).toEqual(['customer: route 1', 'customer: key 8', 'customer: route 10', 'agent:a2 transfer 50', 'outside:139 hung_up 90'])
    expect(line?.lanes.find((lane) => lane.key === 'agent:a1')?.bars.at(-1)?.end).toBe('offer.refused')
    expect(line?.lanes.find((lane) => lane.key === 'queue:q1')?.bars.at(-1)?.end).toBe('outcome.connected')
  })

  it('shows the survey, a callback, messages and pauses of the recording', () => {
    const line = timelineOf(record(), [
      event('call_arrived', 0), event('queue_entered', 2, { queue: 'q1' }), event('callback_promised', 5, { queue: 'q1' }), event('callback_tried', 60, { agent: 'a1' }),
      event('connected', 65, { agent: 'a1' }), event('recording_started', 65), event('recording_paused', 70), event('recording_resumed', 72), event('agent_left', 80, { agent: 'a1' }), event('recording_stopped', 80),
      event('survey_begun', 80), event('surveyed', 85, { score: 4 }), event('call_routed', 86, { way: 'voicemail', target: '' }), event('call_ended', 90, { hung_up_by: 'caller' }),
    ], 0)
    expect(bars(line, 'customer:')).toEqual(['menu 0-2', 'wait 2-5', 'callback 5-60', 'ring 60-65', 'talk 65-80', 'survey 80-86', 'message 86-90'])
    expect(bars(line, 'recording:')).toEqual(['recording 65-70', 'paused 70-72', 'recording 72-80'])
  })

  it('marks the agent who hangs up where he left, not where the survey ends', () => {
    const line = timelineOf(record(), [
      event('call_arrived', 0), event('connected', 5, { agent: 'a1' }), event('agent_left', 20, { agent: 'a1' }), event('agent_changed', 20, { agent: { id: 'a1', state: 'wrap_up' }, previous: 'in_call' }),
      event('survey_begun', 20), event('call_ended', 30, { hung_up_by: 'agent' }),
    ], 0)
    expect(line?.lanes.find((lane) => lane.key === 'agent:a1')?.marks.map((mark) => [mark.kind, mark.at / S])).toEqual([['hung_up', 20]])
  })

  it('is drawn from the record alone where the events are no longer kept', () => {
    const line = timelineOf(record({
      stays: [{ queue: 'q1', entered: 10 * S, ended: 20 * S, priority: 0, wait_us: 10 * S, outcome: 'connected', short: false, within_service_level: true, agent: 'a2' }],
      offers: [{ leg: 'l', queue: 'q1', agent: 'a2', offered: 15 * S, rang: 16 * S, won: 19 * S, ended: 20 * S, result: 'accepted', cause: '', choice: null }],
    }), [event('form_saved', 100, { agent: 'a2' })], 0)
    expect([bars(line, 'customer:'), bars(line, 'queue:q1'), bars(line, 'agent:a2')]).toEqual([['menu 0-10', 'talk 20-90'], ['wait 10-20'], ['ring 16-19']])
  })

  it('of a living call reaches to now; of a call of which nothing is known there is none', () => {
    expect(bars(timelineOf(null, [event('call_arrived', 0)], 7 * S), 'customer:')).toEqual(['menu 0-7'])
    expect(timelineOf(null, [], 7 * S)).toBeNull()
  })

  it('has an axis of round times, no more than there is room for', () => {
    expect(ticks(95 * S, 10).map((at) => at / S)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
    expect(ticks(95 * S, 4).map((at) => at / S)).toEqual([0, 30, 60, 90])
    expect(ticks(5 * 86_400 * S, 3).length).toBeLessThanOrEqual(4)
  })
})

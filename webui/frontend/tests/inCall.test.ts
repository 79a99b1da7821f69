import { describe, expect, it, vi } from 'vitest'
import { CallControl } from '@/api/callControl'
import { Api } from '@/api/client'
import { CONSULT_STATES, type OwnCall, type OwnSeat, type Permission } from '@/api/types'
import { textsOf, type Texts } from '@/i18n'
import { agentActs, isAsked, SUPERVISOR_ACTS, supervisorActs } from '@/live/inCall'
import { seat } from './rows'

const call: OwnCall = { id: 'c1', caller: '1', caller_name: '', number: '2', arrived: 1, queue: 'q', entered: 1, connected: 2, held: null, consult: null }
const own = (changes: Partial<OwnCall> = {}, state: 'in_call' | 'ringing' = 'in_call'): OwnSeat => ({
  row: seat('a1', { state, call: 'c1' }),
  chosen: 'online',
  due: null,
  page: '',
  call: { ...call, ...changes },
})
const consult = (state: (typeof CONSULT_STATES)[number], agent = 'a2') => ({ held: 3, consult: { agent, number: '', state, since: 3 } })

describe("the agent's acts on the own call (WEB-1)", () => {
  it.each([
    ['talking', {}, ['hold', 'transfer', 'consult']],
    ['on hold', { held: 3 }, ['resume', 'transfer', 'consult']],
    ['dialling somebody', consult('dialling'), ['return']],
    ['ringing somebody', consult('ringing'), ['return']],
    ['asking a mobile to confirm', consult('confirming'), ['return']],
    ['being joined with somebody', consult('answered'), ['return']],
    ['about to return', consult('returning'), []],
    ['asking somebody', consult('talking'), ['complete', 'conference', 'return']],
    ['in conference', { ...consult('conference'), held: null }, ['complete', 'return']],
    ['not connected', { connected: null }, []],
    ['the one who is asked', consult('talking', 'a1'), []],
  ])('while %s', (_, changes, acts) => expect(agentActs(own(changes))).toEqual(acts))

  it('are none without a call and while it rings', () => {
    expect(agentActs({ ...own(), call: null })).toEqual([])
    expect(agentActs(own({}, 'ringing'))).toEqual([])
  })

  it('tell who is asked from who asks', () => {
    expect(isAsked(own(consult('talking', 'a1')))).toBe(true)
    expect(isAsked(own(consult('talking')))).toBe(false)
    expect(isAsked({ ...own(), call: null })).toBe(false)
  })
})

describe("a supervisor's acts (SUP-1)", () => {
  const row = seat('a2', { state: 'in_call', call: 'c1' })
  const all = SUPERVISOR_ACTS.map(([act]) => act)

  it('are all of them on the call of another agent', () => expect(supervisorActs(row, 'a1', () => true)).toEqual(all))

  it('are none without a call that is talked in', () => {
    expect(supervisorActs({ ...row, call: null }, 'a1', () => true)).toEqual([])
    expect(supervisorActs({ ...row, state: 'ringing' }, 'a1', () => true)).toEqual([])
  })

  it('on the own call are only to end it', () => expect(supervisorActs(row, 'a2', () => true)).toEqual(['hang-up']))

  it.each<[Permission, string[]]>([
    ['calls.listen', ['listen', 'stop-supervising']],
    ['calls.whisper', ['whisper']],
    ['calls.barge', ['barge']],
    ['calls.take_over', ['take-over']],
    ['calls.hang_up', ['hang-up']],
  ])('need the permission %s', (permission, acts) => expect(supervisorActs(row, 'a1', (one) => one === permission)).toEqual(acts))
})

describe('what the server is asked', () => {
  const asked = vi.fn<typeof fetch>(() => Promise.resolve(new Response('{}')))
  const control = new CallControl(new Api({ language: () => 'en', unreachable: () => '', loggedOut: () => undefined, fetch: asked }))
  const last = () => [asked.mock.lastCall?.[0], JSON.parse(asked.mock.lastCall?.[1]?.body as string)]

  it('names the call and the act', async () => {
    await control.act('c/1', 'take-over')
    expect(last()).toEqual(['/api/v1/calls/c%2F1/take-over', {}])
  })

  it('names the queue, and whether the place is kept', async () => {
    await control.transfer('c1', 'sales', true)
    expect(last()).toEqual(['/api/v1/calls/c1/transfer', { way: 'queue', target: 'sales', keep_place: true }])
  })

  it('names the agent who is asked', async () => {
    await control.consult('c1', 'a2')
    expect(last()).toEqual(['/api/v1/calls/c1/consult', { way: 'agent', target: 'a2' }])
  })
})

describe('words', () => {
  it.each(['zh', 'en'] as const)('exist in %s for every act and state', (locale) => {
    const { inCall, supervise } = textsOf(locale) as Record<string, Record<string, Texts>>
    const acts = ['hold', 'resume', 'transfer', 'consult', 'complete', 'return', 'conference'].sort()
    for (const part of ['act', 'effect']) expect(Object.keys(inCall?.[part] ?? {}).sort()).toEqual(acts)
    expect(Object.keys(inCall?.consult ?? {})).toEqual([...CONSULT_STATES])
    for (const part of ['act', 'effect', 'done']) expect(Object.keys(supervise?.[part] ?? {})).toEqual(SUPERVISOR_ACTS.map(([act]) => act))
  })
})

import { describe, expect, it } from 'vitest'
import { arrangeQueues, totals } from '@/live/queues'
import { arrange, countStates, isHead, type SeatView } from '@/live/seats'
import { queue, seat } from './rows'

const view = (changes: Partial<SeatView> = {}): SeatView => ({ text: '', states: [], groups: [], sort: 'name', descending: false, grouping: 'none', ...changes })
const ids = (lines: readonly { id: string }[]): string[] => lines.map((line) => line.id)

const seats = [
  seat('1', { name: '王芳', group: '售后', state: 'in_call', since: 100, caller: '+8613800000001', connected_in: 3 }),
  seat('2', { name: '陈伟', group: '售前', state: 'online', since: 300, connected_in: 9 }),
  seat('3', { name: 'Agent 10', group: '', state: 'break', since: 200 }),
  seat('4', { name: 'Agent 9', group: '售前', state: 'online', since: 50, registered: false }),
]

describe('the seat monitor (WALL-1)', () => {
  it('counts agents per state, and all', () => {
    expect(countStates(seats)).toEqual({ all: 4, online: 2, break: 1, busy: 0, offline: 0, ringing: 0, in_call: 1, wrap_up: 0 })
  })

  it('sorts names as people do: numbers by value, Chinese by pinyin', () => {
    const order = ids(arrange(seats, view()))
    expect(order.indexOf('4')).toBeLessThan(order.indexOf('3'))
    expect(order.indexOf('2')).toBeLessThan(order.indexOf('1'))
  })

  it('sorts by time in the state, shortest first, and the other way round', () => {
    expect(ids(arrange(seats, view({ sort: 'since' })))).toEqual(['2', '3', '1', '4'])
    expect(ids(arrange(seats, view({ sort: 'since', descending: true })))).toEqual(['4', '1', '3', '2'])
  })

  it('filters by text (name, group, caller), state and group together', () => {
    expect(ids(arrange(seats, view({ text: '0000001' })))).toEqual(['1'])
    expect(ids(arrange(seats, view({ text: ' agent ' })))).toEqual(['4', '3'])
    expect(ids(arrange(seats, view({ states: ['online'], groups: ['售前'] }))).sort()).toEqual(['2', '4'])
    expect(ids(arrange(seats, view({ states: ['online'], text: '王' })))).toEqual([])
  })

  it('groups with a head that counts its members, states in their own order', () => {
    const lines = arrange(seats, view({ grouping: 'state' }))
    expect(lines.filter(isHead).map(({ value, count }) => [value, count])).toEqual([
      ['online', 2],
      ['break', 1],
      ['in_call', 1],
    ])
    expect(lines).toHaveLength(7)
  })
})

describe('the queue monitor (WALL-2)', () => {
  const queues = [
    queue('a', { name: 'Sales', waiting: 2, callbacks: 3, longest_since: 500, connected: 30, abandoned: 10, offered: 40, service_level: 0.5, answer_us_average: 10, abandonment_rate: 0.25 }),
    queue('b', { name: 'Support', waiting: 1, callbacks: 1, longest_since: 100, connected: 10, abandoned: 0, offered: 10, service_level: 1, answer_us_average: 50, abandonment_rate: 0 }),
    queue('c', { name: 'Night' }),
  ]

  it('adds counts and weighs rates by what they are rates of', () => {
    expect(totals(queues)).toMatchObject({
      waiting: 3,
      callbacks: 4,
      longest_since: 100,
      connected: 40,
      offered: 50,
      service_level: 0.6,
      answer_us_average: 20,
      abandonment_rate: 0.2,
    })
  })

  it('has no rates while nothing was offered', () => {
    expect(totals([queue('c')])).toMatchObject({ longest_since: null, service_level: null, answer_us_average: null, abandonment_rate: null })
  })

  it('filters by name and puts queues without a figure last, whichever way it sorts', () => {
    expect(ids(arrangeQueues(queues, 'S', 'name', false))).toEqual(['a', 'b'])
    expect(ids(arrangeQueues(queues, '', 'longest_since', true))).toEqual(['b', 'a', 'c'])
    expect(ids(arrangeQueues(queues, '', 'longest_since', false))).toEqual(['a', 'b', 'c'])
  })
})

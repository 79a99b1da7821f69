import { describe, expect, it } from 'vitest'
import { levelOf, limitsOf, watchedOf } from '@/live/thresholds'

const S = 1_000_000
const row = { waiting: 4, callbacks: 0, longest_since: 100 * S, ready: 2, connected: 0, abandoned: 0, timed_out: 0, short: 0, offered: 0, service_level: 0.75, answer_us_average: 12 * S, abandonment_rate: null }

describe('thresholds of the queue monitor (WALL-3)', () => {
  it('warn and alarm from the figure on, from below where little is bad', () => {
    const values = watchedOf(row, 160 * S)
    expect(values).toEqual({ waiting: 4, longest_wait_s: 60, ready: 2, service_level: 75, answer_s: 12, abandonment_rate: null })
    expect(levelOf('waiting', 4, { warning: 4, alarm: 5 })).toBe('warning')
    expect(levelOf('waiting', 5, { warning: 4, alarm: 5 })).toBe('alarm')
    expect(levelOf('service_level', 75, { warning: 80, alarm: 75 })).toBe('alarm')
    expect(levelOf('ready', 2, { warning: 1, alarm: 0 })).toBeNull()
    expect([levelOf('abandonment_rate', null, { warning: 0, alarm: 0 }), levelOf('waiting', 9, undefined), levelOf('waiting', 9, { warning: null, alarm: null })]).toEqual([null, null, null])
  })

  it('are the queue\'s own, figure by figure, else the company\'s', () => {
    const all = { company: { waiting: { warning: 1, alarm: 2 }, ready: { warning: 0, alarm: null } }, queues: { q1: { waiting: { warning: 9, alarm: null } } } }
    expect(limitsOf(all, 'q1')).toEqual({ waiting: { warning: 9, alarm: null }, ready: { warning: 0, alarm: null } })
    expect(limitsOf(all, 'q2')).toEqual(all.company)
  })
})

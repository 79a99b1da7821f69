import { describe, expect, it, vi } from 'vitest'
import { lastDays } from '@/components/filterQuery'
import type { Api } from '@/api/client'
import type { Session as SessionData } from '@/api/types'
import { ServerClock } from '@/live/clock'
import { browserZone, clockTime, duration, exactMoment, fromWall, moment, offset, relative } from '@/live/time'
import { Session } from '@/session/session'

const SECOND = 1_000_000
const NOON = Date.parse('2026-03-09T12:00:00Z') * 1000

describe('durations', () => {
  it.each([
    [0, '0:00'],
    [59.9 * SECOND, '0:59'],
    [61 * SECOND, '1:01'],
    [3600 * SECOND, '1:00:00'],
    [27 * 3600 * SECOND + 61 * SECOND, '27:01:01'],
    [-5 * SECOND, '0:00'],
  ])('%d us reads %s', (us, text) => expect(duration(us)).toBe(text))

  it('counts milliseconds between the events of a call', () => {
    expect([0, 12_345_678, 62_345_000, -31_000].map(relative)).toEqual(['+0.000', '+12.346', '+1:02.345', '−0.031'])
  })
})

describe("the server's clock (STATE-3)", () => {
  it('ticks from the time the server stamps, not from the local clock', () => {
    let local = 1_000_000
    const clock = new ServerClock(() => local)
    clock.hear(NOON)
    local += 1500
    expect(clock.now()).toBe(NOON + 1.5 * SECOND)
  })

  it('believes the message that was fastest: a late one would set the clock back', () => {
    let local = 0
    const clock = new ServerClock(() => local)
    clock.hear(NOON)
    local = 900
    clock.hear(NOON + 100_000)
    expect(clock.now()).toBe(NOON + 900_000)
  })

  it('moves its tick once a second, and not while held', () => {
    vi.useFakeTimers()
    const clock = new ServerClock()
    clock.start()
    const first = clock.tick.value
    vi.advanceTimersByTime(2000)
    expect(clock.tick.value - first).toBe(2 * SECOND)
    clock.hold(true)
    vi.advanceTimersByTime(2000)
    expect(clock.tick.value - first).toBe(2 * SECOND)
    clock.hold(false)
    expect(clock.tick.value - first).toBe(4 * SECOND)
    clock.stop()
    vi.useRealTimers()
  })
})

describe("moments in the company's time zone (WALL-4)", () => {
  it('are shown as its clocks show them', () => {
    expect(moment(NOON, 'Asia/Shanghai')).toBe('2026-03-09 20:00:00')
    expect(clockTime(Date.parse('2026-03-08T16:00:01Z') * 1000, 'Asia/Shanghai')).toBe('00:00:01')
    expect(exactMoment(NOON + 7_999, 'UTC')).toBe('2026-03-09 12:00:00.007')
  })

  it('are named by how far they are from UTC, in summer and in winter', () => {
    expect(offset(NOON, 'Asia/Shanghai')).toBe('UTC+8')
    expect(offset(NOON, 'Asia/Kolkata')).toBe('UTC+5:30')
    expect(offset(NOON, 'UTC')).toBe('UTC')
    expect(offset(Date.parse('2026-07-01T00:00:00Z') * 1000, 'Europe/Berlin')).toBe('UTC+2')
  })

  it("are the browser's own for whoever belongs to no company (OPS-1)", () => {
    const resolved = vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions')
    const own = (timeZone: string) => resolved.mockReturnValueOnce({ timeZone } as Intl.ResolvedDateTimeFormatOptions)
    own('Asia/Tokyo')
    expect(browserZone()).toBe('Asia/Tokyo')
    own('Etc/Unknown')
    expect(browserZone()).toBe('UTC')
    own('Europe/Berlin')
    const session = new Session({} as Api)
    session.data.value = { tenant: null } as SessionData
    expect(session.timezone.value).toBe('Europe/Berlin')
    resolved.mockRestore()
  })

  it.each(['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'])('come back from the wall clock of %s', (zone) => {
    for (const text of ['2026-03-09T12:00:00Z', '2026-03-29T00:30:00Z', '2026-07-01T22:15:09Z', '2026-12-31T23:59:59Z']) {
      const us = Date.parse(text) * 1000
      expect(fromWall(moment(us, zone), zone)).toBe(us)
    }
  })

  it('take a wall time that summer time skips as an hour later', () => {
    expect(moment(fromWall('2026-03-29 02:30:00', 'Europe/Berlin'), 'Europe/Berlin')).toBe('2026-03-29 03:30:00')
  })

  it('give whole days that end with today there', () => {
    const late = Date.parse('2026-03-09T17:00:00Z') * 1000
    expect(lastDays(2, late, 'Asia/Shanghai')).toEqual(['2026-03-09 00:00:00', '2026-03-10 23:59:59'])
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ServerClock } from '@/live/clock'
import { LiveFeed, type Wire } from '@/live/feed'
import { failureOf } from '@/live/supervision'
import { seat } from './rows'

/** A Socket.IO client moved by hand. */
class FakeWire implements Wire {
  active = true
  readonly sent: [string, unknown][] = []
  connects = 0
  private readonly listeners = new Map<string, (message: never) => void>()

  on(event: string, listener: (message: never) => void): void {
    this.listeners.set(event, listener)
  }

  emit(event: string, message: unknown): void {
    this.sent.push([event, message])
  }

  async emitWithAck(event: string, message: unknown): Promise<unknown> {
    this.emit(event, message)
    return { sequence: 1, now: Date.now() * 1000, rows: [seat('a')] }
  }

  connect(): void {
    this.connects += 1
  }

  disconnect(): void {
    this.hear('disconnect', 'io client disconnect')
  }

  hear(event: string, message: unknown = {}): void {
    this.listeners.get(event)?.(message as never)
  }
}

const pulse = { sequence: 1, now: 0 }
let wire: FakeWire
let feed: LiveFeed
let clock: ServerClock
let loginHolds: ReturnType<typeof vi.fn<() => Promise<boolean>>>

beforeEach(() => {
  vi.useFakeTimers()
  wire = new FakeWire()
  clock = new ServerClock()
  loginHolds = vi.fn(async () => true)
  feed = new LiveFeed(wire, clock, loginHolds)
  feed.start()
})

afterEach(() => {
  feed.stop()
  vi.useRealTimers()
})

const watching = async (): Promise<void> => {
  wire.hear('connect')
  feed.watch('seats')
  await vi.advanceTimersByTimeAsync(0)
}

describe('the live feed', () => {
  it('is stale when no pulse came for three seconds, and live again with the next one (WALL-3)', async () => {
    await watching()
    await vi.advanceTimersByTimeAsync(3000)
    expect(feed.link.value).toBe('live')
    await vi.advanceTimersByTimeAsync(600)
    expect([feed.link.value, feed.stale.value]).toEqual(['stale', true])
    wire.hear('pulse', { ...pulse, now: Date.now() * 1000 })
    expect([feed.link.value, feed.stale.value]).toEqual(['live', false])
  })

  it('lets durations stand still while it is stale (WALL-3)', async () => {
    await watching()
    await vi.advanceTimersByTimeAsync(4000)
    const held = clock.tick.value
    await vi.advanceTimersByTimeAsync(5000)
    expect(clock.tick.value).toBe(held)
  })

  it('expects no pulse while nothing is watched', async () => {
    await watching()
    feed.release('seats')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(feed.stale.value).toBe(false)
    expect(wire.sent.at(-1)).toEqual(['unwatch', { board: 'seats' }])
  })

  it('watches again after the connection was lost, because changes may have been missed', async () => {
    await watching()
    wire.hear('disconnect', 'transport close')
    expect(feed.link.value).toBe('reconnecting')
    wire.hear('connect')
    expect(wire.sent.filter(([event]) => event === 'watch')).toHaveLength(2)
  })

  it('watches again when the server made its boards anew', async () => {
    await watching()
    wire.hear('reset', { board: 'seats', reset: true })
    wire.hear('reset', { board: 'queues', reset: true })
    expect(wire.sent.map(([, message]) => message)).toEqual([{ board: 'seats' }, { board: 'seats' }])
  })

  it('knocks again after the server cut it off, if the login still holds', async () => {
    await watching()
    wire.active = false
    wire.hear('disconnect', 'io server disconnect')
    await vi.advanceTimersByTimeAsync(2000)
    expect([loginHolds.mock.calls.length, wire.connects]).toEqual([1, 2])
  })

  it('stays away when the login has ended', async () => {
    loginHolds.mockResolvedValue(false)
    await watching()
    wire.active = false
    wire.hear('disconnect', 'io server disconnect')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(wire.connects).toBe(1)
  })

  it('forgets everything when the login ends: the next person may be of another company (SAFE-3)', async () => {
    await watching()
    wire.hear('me', { now: 5, row: seat('me'), chosen: 'online', due: null, call: null })
    expect(feed.seats.board.rows.value).toHaveLength(1)
    feed.stop()
    expect([feed.seats.board.rows.value, feed.seats.board.loaded.value, feed.own.value]).toEqual([[], false, null])
  })

  it('hears about the own seat (STATE-3)', async () => {
    wire.hear('connect')
    wire.hear('me', { now: 5, row: seat('me', { state: 'break' }), chosen: 'break', due: null, call: null })
    expect(feed.own.value?.row.state).toBe('break')
  })

  it.each(['voicemail', 'alerts'] as const)('counts changes of %s, and every connection: some may have been missed (QUEUE-1, SAFE-4)', (news) => {
    const before = feed[news].value
    wire.hear('connect')
    wire.hear(news, {})
    expect(feed[news].value).toBe(before + 2)
  })

  it('hears that the own phone does not listen, and why (SUP-1)', () => {
    wire.hear('connect')
    wire.hear('not_listening', { call: 'c1', agent: 'a1', cause: 'USER_NOT_REGISTERED' })
    expect(failureOf(feed.notListening.value?.cause ?? '')).toBe('absent')
    expect(['USER_BUSY', 'CALL_REJECTED', 'NO_ANSWER', 'NETWORK_OUT_OF_ORDER'].map(failureOf)).toEqual(['busy', 'refused', 'unanswered', 'unreachable'])
    feed.stop()
    expect(feed.notListening.value).toBeNull()
  })
})

import { computed, shallowRef } from 'vue'
import type { OwnSeat, QueueRow, SeatRow } from '@/api/types'
import { Board, type Delta, type Snapshot } from './board'
import type { ServerClock } from './clock'

/** The part of a Socket.IO client that the feed needs. */
export interface Wire {
  on(event: string, listener: (message: never) => void): unknown
  emitWithAck(event: string, message: unknown): Promise<unknown>
  emit(event: string, message: unknown): unknown
  connect(): unknown
  disconnect(): unknown
}

interface Rows {
  seats: SeatRow
  queues: QueueRow
}
export type BoardName = keyof Rows

/** Data counts as stale when nothing was heard for this long; the server sends a pulse each second. */
export const STALE_AFTER_MS = 3000

export type Link = 'connecting' | 'live' | 'reconnecting' | 'stale'

/** The live connection: wallboards, the agent's own seat, and whether what is shown can be trusted. */
export class LiveFeed {
  readonly seats = new Board<SeatRow>()
  readonly queues = new Board<QueueRow>()
  readonly own = shallowRef<OwnSeat | null>(null)
  /** Why a board can't be shown, in the user's language; empty while all is well. */
  readonly refusal = shallowRef('')
  /** When the server was last heard, milliseconds of the local clock. */
  readonly heard = shallowRef(0)
  readonly link = computed<Link>(() => {
    if (!this.connected.value) return this.heard.value ? 'reconnecting' : 'connecting'
    return this.stale.value ? 'stale' : 'live'
  })
  readonly stale = shallowRef(false)
  private readonly queueNames = shallowRef<Record<string, string>>({})

  private readonly connected = shallowRef(false)
  private readonly watched = new Map<BoardName, number>()
  private readonly loading = new Set<BoardName>()
  private timer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly wire: Wire,
    private readonly clock: ServerClock,
    private readonly local: () => number = Date.now,
  ) {
    wire.on('connect', () => this.onConnect())
    wire.on('disconnect', () => (this.connected.value = false))
    wire.on('seats', (delta: Delta<SeatRow>) => this.onDelta('seats', delta))
    wire.on('queues', (delta: Delta<QueueRow>) => this.onDelta('queues', delta))
    wire.on('reset', () => this.reload())
    wire.on('pulse', (pulse: { now: number }) => this.hear(pulse.now))
    wire.on('own', (own: OwnSeat & { now: number }) => {
      this.own.value = own
      this.hear(own.now)
    })
  }

  start(): void {
    this.timer ??= setInterval(() => this.check(), 500)
    this.clock.start()
    this.wire.connect()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.clock.stop()
    this.wire.disconnect()
    this.own.value = null
  }

  /** What a queue is called; empty while unknown. */
  queueName(id: string | null): string {
    return (id && this.queueNames.value[id]) || ''
  }

  /** Keep a board up to date until `release` is called as often. */
  watch(name: BoardName): void {
    const watchers = this.watched.get(name) ?? 0
    this.watched.set(name, watchers + 1)
    if (!watchers && this.connected.value) void this.load(name)
  }

  release(name: BoardName): void {
    const watchers = (this.watched.get(name) ?? 1) - 1
    if (watchers) return void this.watched.set(name, watchers)
    this.watched.delete(name)
    if (this.connected.value) this.wire.emit('unwatch', { board: name })
  }

  /** Notice silence; called twice a second while started. */
  check(): void {
    const silent = this.heard.value > 0 && this.local() - this.heard.value > STALE_AFTER_MS
    if (silent === this.stale.value) return
    this.stale.value = silent
    this.clock.hold(silent)
  }

  private onConnect(): void {
    this.connected.value = true
    this.loading.clear()
    this.reload()
  }

  private reload(): void {
    for (const name of this.watched.keys()) void this.load(name)
  }

  private async load(name: BoardName): Promise<void> {
    if (this.loading.has(name)) return
    this.loading.add(name)
    const answer = (await this.wire.emitWithAck('watch', { board: name })) as
      | Snapshot<never>
      | { error: { message: string } }
    this.loading.delete(name)
    if ('error' in answer) return void (this.refusal.value = answer.error.message)
    this.refusal.value = ''
    this.board(name).load(answer)
    this.hear(answer.now)
  }

  private onDelta<N extends BoardName>(name: N, delta: Delta<Rows[N]>): void {
    this.hear(delta.now)
    const board = this.board(name)
    if (!this.watched.has(name) || this.loading.has(name) || board.knows(delta)) return
    if (!board.advance(delta)) void this.load(name)
  }

  private board<N extends BoardName>(name: N): Board<Rows[N]> {
    return this[name] as unknown as Board<Rows[N]>
  }

  private hear(now: number): void {
    this.clock.hear(now)
    this.heard.value = this.local()
    this.check()
  }
}

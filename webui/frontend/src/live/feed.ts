import { computed, shallowRef } from 'vue'
import type { Colleague, OwnSeat, QueueRow, SeatRow } from '@/api/types'
import type { Delta } from './board'
import { Channel, type Answer } from './channel'
import type { ServerClock } from './clock'
import type { NotListening } from './supervision'

/** The part of a Socket.IO client that the feed needs. */
export interface Wire {
  on(event: string, listener: (message: never) => void): unknown
  emitWithAck(event: string, message: unknown): Promise<unknown>
  emit(event: string, message: unknown): unknown
  /** Whether it is connected, or about to try again by itself. */
  readonly active: boolean
  connect(): unknown
  disconnect(): unknown
}

export type BoardName = 'seats' | 'queues' | 'colleagues'

/** Data counts as stale when nothing was heard for this long; the server sends a pulse each second. */
export const STALE_AFTER_MS = 3000

/** Pause before knocking again after a refusal. */
const RETRY_MS = 2000

export type Link = 'connecting' | 'live' | 'reconnecting' | 'stale'

/** The live connection: wallboards, the agent's own seat, and whether what is shown can be trusted. */
export class LiveFeed {
  readonly seats = new Channel<SeatRow>(() => this.ask('seats'))
  readonly queues = new Channel<QueueRow>(() => this.ask('queues'))
  /** Whom the own call can go to. */
  readonly colleagues = new Channel<Colleague>(() => this.ask('colleagues'))
  readonly own = shallowRef<OwnSeat | null>(null)
  /** The latest call that the own phone should have listened to and does not. */
  readonly notListening = shallowRef<NotListening | null>(null)
  /** When the server was last heard, milliseconds of the local clock; 0 = never. */
  readonly heard = shallowRef(0)
  readonly stale = shallowRef(false)
  readonly link = computed<Link>(() => {
    if (!this.connected.value) return this.heard.value ? 'reconnecting' : 'connecting'
    return this.stale.value ? 'stale' : 'live'
  })

  /** Counts how often voicemails became others, or may have: whoever shows them asks again. */
  readonly voicemail = shallowRef(0)
  /** The same for alerts. */
  readonly alerts = shallowRef(0)

  /** Hears that one of the own exports has gone on, or that something may have been missed. */
  exported: () => unknown = () => undefined

  private readonly connected = shallowRef(false)
  private timer: ReturnType<typeof setInterval> | undefined
  private retry: ReturnType<typeof setTimeout> | undefined

  /** `loginHolds` asks the server whether the login still holds; `local` is the local clock in milliseconds. */
  constructor(
    private readonly wire: Wire,
    private readonly clock: ServerClock,
    private readonly loginHolds: () => Promise<boolean>,
    private readonly local: () => number = Date.now,
    /** Hears that the company itself has changed: whether it is served, its break reasons, rights. */
    private readonly companyChanged: () => unknown = () => undefined,
  ) {
    wire.on('connect', () => this.onConnect())
    wire.on('disconnect', () => this.onDisconnect())
    wire.on('connect_error', () => this.onDisconnect())
    wire.on('seats', (delta: Delta<SeatRow>) => this.onDelta(this.seats, delta))
    wire.on('queues', (delta: Delta<QueueRow>) => this.onDelta(this.queues, delta))
    wire.on('colleagues', (delta: Delta<Colleague>) => this.onDelta(this.colleagues, delta))
    wire.on('reset', ({ board }: { board: BoardName }) => this[board].watched && void this[board].load())
    wire.on('pulse', ({ now }: { now: number }) => this.hear(now))
    wire.on('company', () => this.companyChanged())
    wire.on('export', () => this.exported())
    wire.on('voicemail', () => (this.voicemail.value += 1))
    wire.on('alerts', () => (this.alerts.value += 1))
    wire.on('not_listening', (failed: NotListening) => (this.notListening.value = failed))
    wire.on('me', (own: (OwnSeat & { now: number }) | null) => this.onOwn(own))
  }

  start(): void {
    this.timer ??= setInterval(() => this.check(), 500)
    this.clock.start()
    this.wire.connect()
  }

  /** End the connection and forget what it brought. */
  stop(): void {
    clearInterval(this.timer)
    clearTimeout(this.retry)
    this.timer = this.retry = undefined
    this.clock.stop()
    this.wire.disconnect()
    this.own.value = this.notListening.value = null
    this.heard.value = 0
    this.check()
    for (const channel of this.channels) channel.clear()
  }

  /** Keep a board up to date until `release` is called as often. */
  watch(name: BoardName): void {
    // The server's pulse comes to those who watch: silence before was no sign.
    if (!this.expecting && this.heard.value) this.heard.value = this.local()
    if (this[name].join() && this.connected.value) void this[name].load()
  }

  release(name: BoardName): void {
    if (this[name].leave() && this.connected.value) this.wire.emit('unwatch', { board: name })
  }

  /** Notice silence; called twice a second while started. */
  check(): void {
    const silent = this.expecting && this.heard.value > 0 && this.local() - this.heard.value > STALE_AFTER_MS
    if (silent === this.stale.value) return
    this.stale.value = silent
    this.clock.hold(silent)
  }

  private get channels(): [Channel<SeatRow>, Channel<QueueRow>, Channel<Colleague>] {
    return [this.seats, this.queues, this.colleagues]
  }

  private get expecting(): boolean {
    return this.channels.some((channel) => channel.watched) || this.own.value !== null
  }

  private async ask<Row>(board: BoardName): Promise<Answer<Row>> {
    const answer = (await this.wire.emitWithAck('watch', { board })) as Answer<Row>
    if (!('error' in answer)) this.hear(answer.now)
    return answer
  }

  private onConnect(): void {
    this.connected.value = true
    this.voicemail.value += 1
    this.alerts.value += 1
    for (const channel of this.channels) if (channel.watched) void channel.load()
  }

  /** The client tries again by itself unless the server refused it: then ask first whether the login still holds. */
  private onDisconnect(): void {
    this.connected.value = false
    if (!this.timer || this.wire.active || this.retry) return
    this.retry = setTimeout(() => {
      this.retry = undefined
      void this.loginHolds().then((holds) => holds && this.timer && this.wire.connect())
    }, RETRY_MS)
  }

  private onDelta<Row extends { id: string }>(channel: Channel<Row>, delta: Delta<Row>): void {
    this.hear(delta.now)
    channel.receive(delta)
  }

  private onOwn(own: (OwnSeat & { now: number }) | null): void {
    this.own.value = own
    if (own) this.hear(own.now)
  }

  private hear(now: number): void {
    this.clock.hear(now)
    this.heard.value = this.local()
    this.check()
  }
}

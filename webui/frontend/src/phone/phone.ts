import { computed, ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import type { PhoneActions } from '@/api/phone'
import type { OwnSeat } from '@/api/types'
import { Devices, microphoneAllowed } from './devices'
import { echoThrough } from './echo'
import { LineWatch } from './lineWatch'
import { notify } from './notice'
import { OneTab } from './oneTab'
import { Preflight, type Checked } from './preflight'
import type { Line } from './sip'
import { loudest, Ringer, soundAllowed } from './sounds'
import { until } from './until'

/** `absent`: this installation has none; `elsewhere`: another page has it; `blocked`: no microphone. */
export type PhoneState = 'off' | 'absent' | 'elsewhere' | 'asking' | 'blocked' | 'connecting' | 'ready' | 'failed'
export type Talk = 'none' | 'ringing' | 'talking'

/** How long microphone, registration and server may take until a check fails: ms. */
const OPEN_MS = 20_000
const KNOWN_MS = 8000
const LEVEL_MS = 1000
const SETTLED: readonly PhoneState[] = ['absent', 'elsewhere', 'blocked', 'ready', 'failed']
/** The own leg of a call that the agent places comes within this time. */
const OWN_CALL_MS = 8000
/** A password is renewed after this share of its life. */
const RENEW_AFTER = 0.4

/** The agent's phone in this page: it lives as long as the log-in, whatever page is shown. */
export class Phone {
  readonly page = crypto.randomUUID()
  readonly state = ref<PhoneState>('off')
  readonly talk = ref<Talk>('none')
  readonly muted = ref(false)
  /** Why it failed or is absent, in the server's words. */
  readonly reason = ref('')
  readonly stream = shallowRef<MediaStream>()
  readonly devices = new Devices()
  readonly usable = computed(() => this.state.value === 'ready')
  readonly preflight = new Preflight(this.checked())
  /** What a notification of the desktop says of the call that rings. */
  announcement: () => string = () => document.title

  private line: Line | undefined
  private ownCallUntil = 0
  private wanted = false
  /** The server has said that this page has the phone. */
  private confirmed = false
  private readonly watching = new LineWatch(() => void this.askWhetherOver())
  readonly quality = this.watching.quality
  readonly figures = this.watching.figures
  private readonly ringer = new Ringer()
  private readonly speaker = new Audio()
  private readonly tab = new OneTab(
    () => void this.open(),
    () => this.giveUp(),
  )
  private renewal: ReturnType<typeof setTimeout> | undefined

  /** `seat` is the own seat as the live feed has it. */
  constructor(
    private readonly actions: PhoneActions,
    private readonly seat: () => OwnSeat | null = () => null,
  ) {
    this.speaker.autoplay = true
    watch([this.devices.microphone, this.devices.speaker], () => void this.changeDevices())
    addEventListener('pagehide', () => this.line?.leave())
  }

  /** Begin where the microphone may be opened without asking; otherwise the desk asks for it. */
  async start(): Promise<void> {
    if (this.wanted) return
    this.wanted = true
    if (!navigator.locks || !navigator.mediaDevices) this.state.value = 'blocked'
    else if (await microphoneAllowed()) this.tab.take()
    else this.state.value = 'asking'
  }

  /** Ask for the microphone and begin; also takes the phone over from another page. */
  begin(): void {
    this.wanted = true
    this.tab.take(this.state.value === 'elsewhere')
    if (this.state.value === 'blocked' || this.state.value === 'failed' || this.state.value === 'asking') void this.open()
  }

  /** The log-in has ended. */
  stop(): void {
    this.wanted = false
    this.tab.leave()
    this.close()
    this.state.value = 'off'
  }

  answer(): void {
    this.ringer.stop()
    this.line?.answer()
  }

  /** The agent calls somebody: the own leg, which comes first, is answered without a click; `false`: it was refused. */
  expectOwnCall(yes = true): void {
    this.ownCallUntil = yes ? Date.now() + OWN_CALL_MS : 0
  }

  /** Over SIP, and where the line to the switch is broken through the server as well. */
  hangUp(): void {
    const call = this.seat()?.call?.id
    if (call && !this.usable.value) void this.actions.hangUp(call).catch(onlyRefusals)
    this.line?.hangUp()
  }

  /** Which page has the phone, as the server sees it: only one that had it can lose it. */
  pageIs(page: string): void {
    if (page === this.page) this.confirmed = true
    else if (page && this.confirmed && this.line) this.loseToAnother()
  }

  /** Go through the checks unless they have passed in this page; true where there is no web phone to check. */
  async checkedOnce(): Promise<boolean> {
    if (this.state.value === 'absent' || this.talk.value !== 'none') return true
    return (this.usable.value && this.preflight.passed.value) || this.preflight.run().then((passed) => passed || this.state.value === 'absent')
  }

  /** A page that was just opened is still connecting, and the switch would ring one that is gone. */
  connected(): Promise<void> {
    return until(() => !this.wanted || !['off', 'connecting'].includes(this.state.value), KNOWN_MS)
  }

  tryRinger(): void {
    void this.ringer.try(this.devices.ringer.value)
  }

  trySpeaker(): void {
    void this.ringer.try(this.devices.speaker.value)
  }

  toggleMute(): void {
    this.muted.value = !this.muted.value
    this.line?.mute(this.muted.value)
  }

  key(key: string): void {
    this.line?.key(key)
  }

  private async open(): Promise<void> {
    if (!this.wanted || this.line || this.state.value === 'connecting') return
    this.state.value = 'connecting'
    try {
      const [login, stream, { Line }] = await Promise.all([this.actions.issue(this.page), this.devices.open(), import('./sip')])
      this.stream.value = stream
      this.renewAfter(login.expires)
      this.line = new Line(login, this.page, () => this.stream.value, this.events())
    } catch (error) {
      this.fail(error)
    }
  }

  private events() {
    return {
      registered: (yes: boolean) => (this.state.value = yes ? 'ready' : 'connecting'),
      refused: () => this.loseToAnother(),
      rings: () => this.rings(),
      expectsOwnCall: () => this.takeOwnCall(),
      talks: (connection: RTCPeerConnection) => this.talks(connection),
      ended: () => this.ended(),
    } satisfies ConstructorParameters<typeof Line>[3]
  }

  private takeOwnCall(): boolean {
    const expected = Date.now() < this.ownCallUntil
    this.ownCallUntil = 0
    return expected
  }

  private rings(): void {
    this.talk.value = 'ringing'
    void this.ringer.start(this.devices.ringer.value)
    if (document.hidden) notify(this.announcement())
  }

  private talks(connection: RTCPeerConnection): void {
    this.ringer.stop()
    this.talk.value = 'talking'
    this.muted.value = false
    this.speaker.srcObject = new MediaStream(connection.getReceivers().map((receiver) => receiver.track))
    this.useSpeaker()
    void this.speaker.play().catch(() => (this.reason.value = 'sound'))
    this.watching.start(connection)
  }

  private ended(): void {
    this.ringer.stop()
    this.watching.stop()
    this.talk.value = 'none'
    this.speaker.srcObject = null
  }

  /** No sound comes: on hold, or the call has ended and its good-bye was lost with a broken line. The server knows. */
  private async askWhetherOver(): Promise<void> {
    if (this.line?.listens) return
    try {
      const { row } = await this.actions.seat()
      if (row.state !== 'in_call' && row.state !== 'ringing') this.line?.drop()
    } catch (error) {
      onlyRefusals(error)
    }
  }

  private useSpeaker(): void {
    void this.speaker.setSinkId?.(this.devices.speaker.value).catch(() => undefined)
  }

  /** Another device was chosen: also in the middle of a call. */
  private async changeDevices(): Promise<void> {
    this.useSpeaker()
    this.preflight.forget()
    const before = this.stream.value
    if (!before || before.getAudioTracks()[0]?.getSettings().deviceId === this.devices.microphone.value) return
    try {
      this.stream.value = await this.devices.open()
    } catch (error) {
      return this.fail(error)
    }
    const track = this.stream.value.getAudioTracks()[0]
    if (track) track.enabled = !this.muted.value
    for (const sender of this.line?.connection?.getSenders() ?? []) if (track) void sender.replaceTrack(track)
    before.getTracks().forEach((one) => one.stop())
  }

  private checked(): Checked {
    return {
      ready: async () => {
        if (['off', 'asking', 'blocked', 'failed'].includes(this.state.value)) this.begin()
        await until(() => Boolean(this.stream.value) || SETTLED.includes(this.state.value), OPEN_MS)
        return this.state.value === 'elsewhere' || Boolean(this.stream.value)
      },
      level: async () => (this.stream.value ? loudest(this.stream.value, LEVEL_MS) : 1),
      soundAllowed,
      registered: async () => {
        await until(() => SETTLED.includes(this.state.value), KNOWN_MS)
        if (this.state.value === 'elsewhere') return 'elsewhere'
        if (!this.usable.value) return 'line'
        await until(() => this.seat()?.row.registered === true, KNOWN_MS)
        return this.seat()?.row.registered ? null : 'server'
      },
      echo: async () => (this.line ? echoThrough(this.line) : null),
    }
  }

  private renewAfter(expires: number): void {
    clearTimeout(this.renewal)
    const left = expires / 1000 - Date.now()
    this.renewal = setTimeout(() => void this.renew(), Math.max(5000, left * RENEW_AFTER))
  }

  private async renew(): Promise<void> {
    try {
      this.renewAfter((await this.actions.renew(this.page)).expires)
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) this.loseToAnother()
      else this.renewAfter(Date.now() * 1000)
    }
  }

  /** A page of another machine has the phone. */
  private loseToAnother(): void {
    this.tab.abandon()
    this.giveUp()
  }

  /** Another page has the phone. */
  private giveUp(): void {
    this.close()
    if (this.wanted) this.state.value = 'elsewhere'
  }

  private close(): void {
    this.confirmed = false
    clearTimeout(this.renewal)
    this.line?.stop()
    this.line = undefined
    this.ended()
    this.stream.value?.getTracks().forEach((track) => track.stop())
    this.stream.value = undefined
  }

  private fail(error: unknown): void {
    const absent = error instanceof ApiError && ['no_web_phone', 'soft_phone', 'not_an_agent'].includes(error.id)
    this.reason.value = error instanceof ApiError ? error.message : ''
    this.close()
    this.state.value = absent ? 'absent' : error instanceof DOMException ? 'blocked' : 'failed'
  }
}

/** What the server refuses here needs no words: the page shows the seat as it is. */
function onlyRefusals(error: unknown): void {
  if (!(error instanceof ApiError)) throw error
}

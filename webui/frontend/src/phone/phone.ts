import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import type { PhoneActions } from '@/api/phone'
import { Devices, microphoneAllowed } from './devices'
import { OneTab } from './oneTab'
import { judge, look, type Look, type Quality } from './quality'
import type { Line } from './sip'
import { Ringer } from './sounds'

/** `absent`: this installation has none; `elsewhere`: another page has it; `blocked`: no microphone. */
export type PhoneState = 'off' | 'absent' | 'elsewhere' | 'asking' | 'blocked' | 'connecting' | 'ready' | 'failed'
export type Talk = 'none' | 'ringing' | 'talking'

const QUALITY_MS = 2000
/** A password is renewed after this share of its life. */
const RENEW_AFTER = 0.4

/** The agent's phone in this page: it lives as long as the log-in, whatever page is shown. */
export class Phone {
  readonly page = crypto.randomUUID()
  readonly state = ref<PhoneState>('off')
  readonly talk = ref<Talk>('none')
  readonly muted = ref(false)
  readonly quality = ref<Quality | null>(null)
  /** Why it failed or is absent, in the server's words. */
  readonly reason = ref('')
  readonly stream = shallowRef<MediaStream>()
  readonly devices = new Devices()
  readonly usable = computed(() => this.state.value === 'ready')

  private line: Line | undefined
  private wanted = false
  private readonly ringer = new Ringer()
  private readonly speaker = new Audio()
  private readonly tab = new OneTab(
    () => void this.open(),
    () => this.giveUp(),
  )
  private renewal: ReturnType<typeof setTimeout> | undefined
  private watching: ReturnType<typeof setInterval> | undefined

  constructor(private readonly actions: PhoneActions) {
    this.speaker.autoplay = true
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

  hangUp(): void {
    this.line?.hangUp()
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
      refused: () => this.giveUp(),
      rings: () => this.rings(),
      talks: (connection: RTCPeerConnection) => this.talks(connection),
      ended: () => this.ended(),
    } satisfies ConstructorParameters<typeof Line>[3]
  }

  private rings(): void {
    this.talk.value = 'ringing'
    void this.ringer.start(this.devices.ringer.value)
    if (document.hidden) notify()
  }

  private talks(connection: RTCPeerConnection): void {
    this.ringer.stop()
    this.talk.value = 'talking'
    this.muted.value = false
    this.speaker.srcObject = new MediaStream(connection.getReceivers().map((receiver) => receiver.track))
    const device = this.devices.speaker.value
    if (device) void this.speaker.setSinkId?.(device).catch(() => undefined)
    void this.speaker.play().catch(() => (this.reason.value = 'sound'))
    this.watchQuality(connection)
  }

  private ended(): void {
    this.ringer.stop()
    clearInterval(this.watching)
    this.talk.value = 'none'
    this.quality.value = null
    this.speaker.srcObject = null
  }

  private watchQuality(connection: RTCPeerConnection): void {
    let before: Look | undefined
    clearInterval(this.watching)
    this.watching = setInterval(() => {
      void connection.getStats().then((stats) => {
        const now = look(stats.values())
        if (before) this.quality.value = judge(before, now)
        before = now
      })
    }, QUALITY_MS)
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
      if (error instanceof ApiError && error.status === 409) this.giveUp()
      else this.renewAfter(Date.now() * 1000)
    }
  }

  /** Another page has the phone. */
  private giveUp(): void {
    this.tab.leave()
    this.close()
    if (this.wanted) this.state.value = 'elsewhere'
  }

  private close(): void {
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

function notify(): void {
  if ('Notification' in window && Notification.permission === 'granted') {
    const shown = new Notification(document.title, { tag: 'zuoxi-call' })
    shown.onclick = () => window.focus()
  }
}

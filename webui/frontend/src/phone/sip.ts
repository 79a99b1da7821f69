import { UA, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { PhoneLogin } from '@/api/phone'
import { sendOnceReachable } from './candidates'
import { EchoError, type EchoCall } from './echo'

/** What the line tells the phone. */
export interface LineEvents {
  registered(yes: boolean): void
  /** The password is not accepted (any more). */
  refused(): void
  rings(): void
  /** Whether the agent has just called somebody in this page: the own leg of that call is answered by itself. */
  expectsOwnCall(): boolean
  talks(connection: RTCPeerConnection): void
  ended(): void
}

/** Pages tell themselves apart by this beginning of their SIP user agent; the switch's side reads the id behind it. */
export const PAGE_AGENT = 'zuoxi-page/'

/** What the switch sends back as it came (freeswitch-conf/dialplan). */
const ECHO = 'cc_echo'

/** Headers of calls that the page answers by itself: its own call after a reload, and what its user has just asked to hear. */
const BY_ITSELF = ['X-Resume', 'X-Listen'] as const

/** A replaced call ends by itself after this long (ms): the switch's own goodbye may be lost. */
const REPLACED_MS = 1000

/** One registration and at most one call over the switch's WebSocket. The page decides when to answer. */
export class Line {
  private readonly ua: UA
  private session: RTCSession | undefined
  private stopped = false
  /** Whether the present call only listens to somebody else's. */
  listens = false

  constructor(
    private readonly login: PhoneLogin,
    private readonly page: string,
    private readonly stream: () => MediaStream | undefined,
    private readonly events: LineEvents,
  ) {
    this.ua = new UA({
      sockets: [new WebSocketInterface(login.url)],
      uri: `sip:${login.user}@${login.domain}`,
      password: login.password,
      register_expires: login.register_s,
      session_timers: false,
      user_agent: PAGE_AGENT + page,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 2,
    })
    this.ua.on('registered', () => this.registered(true))
    this.ua.on('unregistered', () => this.registered(false))
    this.ua.on('disconnected', () => this.disconnected())
    this.ua.on('registrationFailed', ({ response }) => (response?.status_code === 403 ? this.refused() : this.registered(false)))
    this.ua.on('newRTCSession', (event: { originator: string; session: RTCSession; request: { getHeader?(name: string): string } }) => {
      if (event.originator !== 'remote') return
      const [resumes, listens] = BY_ITSELF.map((header) => Boolean(event.request.getHeader?.(header)))
      const ownCall = Boolean(event.request.getHeader?.('X-Dial')) && events.expectsOwnCall()
      this.incoming(event.session, Boolean(resumes), Boolean(listens) || ownCall)
    })
    this.ua.start()
  }

  answer(): void {
    if (this.session?.isInProgress()) this.accept(this.session)
  }

  /** Refuse while it rings, hang up while it talks. */
  hangUp(): void {
    if (this.session?.isInProgress()) this.session.terminate({ status_code: 603 })
    else if (this.session && !this.session.isEnded()) this.session.terminate()
  }

  mute(yes: boolean): void {
    if (yes) this.session?.mute({ audio: true })
    else this.session?.unmute({ audio: true })
  }

  /** INFO, the library's usual way, is lost in the switch: keys go with the sound (RFC 2833). */
  key(key: string): void {
    this.session?.sendDTMF(key, { transportType: 'RFC2833' as never, duration: 100 })
  }

  /** The switch is not asked any more: the call is over there, or the line to it is. */
  drop(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate()
  }

  /** Call the switch's echo with a sound of our own. */
  echo(mediaStream: MediaStream): EchoCall {
    let session: RTCSession | undefined
    const connection = new Promise<RTCPeerConnection>((resolve, reject) => {
      session = this.ua.call(`sip:${ECHO}@${this.login.domain}`, {
        mediaStream,
        mediaConstraints: { audio: true, video: false },
        pcConfig: { iceServers: [] },
        eventHandlers: {
          icecandidate: sendOnceReachable,
          confirmed: () => session && resolve(session.connection),
          failed: ({ cause }: { cause: string }) => reject(new EchoError(cause)),
        },
      } as Parameters<UA['call']>[1])
    })
    return { connection, end: () => session && !session.isEnded() && session.terminate() }
  }

  /** The page goes away: say so, so that the caller hears music at once and the call finds the next page. */
  leave(): void {
    if (!this.session || this.session.isEnded()) return
    this.session.terminate(this.session.isInProgress() ? { status_code: 480 } : { extraHeaders: [`X-Reload: ${this.page}`] })
  }

  get connection(): RTCPeerConnection | undefined {
    return this.session?.connection
  }

  stop(): void {
    this.stopped = true
    this.ua.stop()
  }

  /** The last word of a line that was stopped comes late: by then the phone is somewhere else. */
  private registered(yes: boolean): void {
    if (!this.stopped) this.events.registered(yes)
  }

  private refused(): void {
    if (!this.stopped) this.events.refused()
  }

  private incoming(session: RTCSession, resumes: boolean, listens: boolean): void {
    const before = this.session && !this.session.isEnded() ? this.session : undefined
    if (before && !resumes) return session.terminate({ status_code: 486 })
    this.session = session
    this.listens = listens
    session.on('icecandidate', sendOnceReachable)
    session.on('ended', () => this.over(session))
    session.on('failed', () => this.over(session))
    session.on('confirmed', () => {
      this.events.talks(session.connection)
      if (before) setTimeout(() => before.isEnded() || before.terminate(), REPLACED_MS)
    })
    session.on('peerconnection', ({ peerconnection }: { peerconnection: RTCPeerConnection }) =>
      peerconnection.addEventListener('connectionstatechange', () => peerconnection.connectionState === 'failed' && !session.isEnded() && session.terminate()),
    )
    if (resumes || listens) this.accept(session)
    else this.events.rings()
  }

  private accept(session: RTCSession): void {
    const mediaStream = this.stream()
    session.answer({ ...(mediaStream ? { mediaStream } : {}), mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } })
  }

  private over(session: RTCSession): void {
    if (session !== this.session) return
    this.session = undefined
    this.events.ended()
  }

  /** What rings over a broken line can't be answered any more: it rings anew once registered. */
  private disconnected(): void {
    this.registered(false)
    if (this.session?.isInProgress()) this.session.terminate({ status_code: 480 })
  }
}

/** One page of a browser holds the phone. A reload finds the lock free again before others look. */

const NAME = 'zuoxi.phone'
const LOOK_MS = 3000

/** The other pages of this browser. */
export type Others = Pick<BroadcastChannel, 'postMessage' | 'onmessage'>

export class OneTab {
  private release: (() => void) | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  /** `held` and `lost` are told when this page gets the phone, and when another one takes it. */
  constructor(
    private readonly held: () => void,
    private readonly lost: () => void,
    private readonly locks: LockManager = navigator.locks,
    private readonly others: Others = new BroadcastChannel(NAME),
  ) {
    others.onmessage = () => this.leave()
  }

  /** Get the phone if it is free, else wait for it; `steal` takes it from whoever has it. */
  take(steal = false): void {
    clearTimeout(this.timer)
    if (this.release) return
    const options: LockOptions = steal ? { steal: true } : { ifAvailable: true }
    this.locks.request(NAME, options, (lock) => (lock ? this.hold() : this.wait())).catch(() => this.drop())
  }

  leave(): void {
    clearTimeout(this.timer)
    this.release?.()
    this.release = undefined
  }

  /** The phone is on another machine now: no page of this browser waits to get it back by itself. */
  abandon(): void {
    this.leave()
    this.others.postMessage(null)
  }

  private hold(): Promise<void> {
    const until = new Promise<void>((resolve) => (this.release = resolve))
    this.held()
    return until
  }

  private wait(): void {
    this.lost()
    this.timer = setTimeout(() => this.take(), LOOK_MS)
  }

  /** Another page has stolen the lock: it stays with that page. */
  private drop(): void {
    if (!this.release) return
    this.release = undefined
    this.lost()
  }
}

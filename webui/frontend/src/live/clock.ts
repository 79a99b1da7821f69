import { shallowRef, type ShallowRef } from 'vue'

/** How many of the latest server times the offset is chosen from. */
const SAMPLES = 20

/**
 * The server's clock as this browser can know it, and one tick a second for everything that shows a duration.
 *
 * A message can only arrive late, never early: of the latest samples the one that says the greatest offset
 * travelled fastest and is the best.
 */
export class ServerClock {
  /** The server's time in microseconds UTC, moving once a second; what durations on screen depend on. */
  readonly tick: ShallowRef<number>
  private samples: number[] = []
  private offset = 0
  private timer: ReturnType<typeof setInterval> | undefined
  private held = false

  constructor(private readonly local: () => number = Date.now) {
    this.tick = shallowRef(this.now())
  }

  /** The server's time now, microseconds UTC. */
  now(): number {
    return Math.round((this.local() + this.offset) * 1000)
  }

  /** Learn from a message that the server stamped `now` (microseconds UTC). */
  hear(now: number): void {
    this.samples = [...this.samples.slice(1 - SAMPLES), now / 1000 - this.local()]
    this.offset = Math.max(...this.samples)
  }

  start(): void {
    this.timer ??= setInterval(() => this.beat(), 1000)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** Stand still while the data is stale: a duration that ticks on would claim to be known. */
  hold(held: boolean): void {
    this.held = held
    this.beat()
  }

  private beat(): void {
    if (!this.held) this.tick.value = this.now()
  }
}

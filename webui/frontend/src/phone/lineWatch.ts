import { ref } from 'vue'
import { figures, judge, look, type Figures, type Look, type Quality } from './quality'

const LOOK_MS = 1000
/** A line that was silent in so many looks is dead, or parked: the server knows. */
const SILENT_LOOKS = 2

/** Looks at a call's line once a second: how it sounds, and whether it still lives. */
export class LineWatch {
  readonly quality = ref<Quality | null>(null)
  readonly figures = ref<Figures | null>(null)
  private timer: ReturnType<typeof setInterval> | undefined

  /** `silent` is told each two seconds in which nothing came. */
  constructor(private readonly silent: () => void) {}

  start(connection: RTCPeerConnection): void {
    this.stop()
    let before: Look | undefined
    let quiet = 0
    this.timer = setInterval(() => {
      void connection.getStats().then((stats) => {
        const now = look(stats.values())
        quiet = this.tell(before, now) === 'silent' ? quiet + 1 : 0
        before = now
        if (quiet && quiet % SILENT_LOOKS === 0) this.silent()
      })
    }, LOOK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.quality.value = this.figures.value = null
  }

  private tell(before: Look | undefined, now: Look): Quality | null {
    if (!before || !this.timer) return null
    this.figures.value = figures(before, now)
    return (this.quality.value = judge(before, now))
  }
}

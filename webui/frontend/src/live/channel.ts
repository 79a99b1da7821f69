import { shallowRef } from 'vue'
import { Board, type Delta, type Snapshot } from './board'

/** What the server answers to `watch`. */
export type Answer<Row> = Snapshot<Row> | { error: { message: string } }

/** Pause before asking again after the server refused or failed. */
const RETRY_MS = 3000

/**
 * One wallboard as it is watched: asks for the snapshot, applies what follows, asks again when something is missing.
 *
 * Changes that arrive before the snapshot are kept until it is there: they may be newer than it.
 */
export class Channel<Row extends { id: string }> {
  readonly board = new Board<Row>()
  /** Why the board can't be shown, in the user's language; empty while all is well. */
  readonly refusal = shallowRef('')
  private watchers = 0
  private waiting: Delta<Row>[] | null = null
  private question = 0

  /** `ask` sends `watch`; it fails when the connection is lost. */
  constructor(private readonly ask: () => Promise<Answer<Row>>) {}

  get watched(): boolean {
    return this.watchers > 0
  }

  /** True for the first watcher. */
  join(): boolean {
    this.watchers += 1
    return this.watchers === 1
  }

  /** True when nobody watches any more. */
  leave(): boolean {
    this.watchers -= 1
    if (!this.watched) this.question += 1
    return !this.watched
  }

  /** Ask for the whole board; only the answer to the latest question counts. */
  async load(): Promise<void> {
    const question = ++this.question
    this.waiting = []
    const answer = await this.ask().catch(() => null)
    if (answer === null || question !== this.question) return
    if ('error' in answer) return this.refuse(answer.error.message)
    this.refusal.value = ''
    this.board.load(answer)
    this.catchUp()
  }

  /** Forget what was shown, and any question on its way. */
  clear(): void {
    this.question += 1
    this.waiting = null
    this.refusal.value = ''
    this.board.clear()
  }

  receive(delta: Delta<Row>): void {
    if (!this.watched) return
    if (this.waiting) this.waiting.push(delta)
    else if (!this.board.knows(delta) && !this.board.advance(delta)) void this.load()
  }

  private catchUp(): void {
    const missed = this.waiting ?? []
    this.waiting = null
    for (const delta of missed) this.receive(delta)
  }

  private refuse(message: string): void {
    this.refusal.value = message
    const { question } = this
    setTimeout(() => question === this.question && this.watched && void this.load(), RETRY_MS)
  }
}

import { computed, shallowRef } from 'vue'
import type { Query } from '@/api/client'
import { unfinished, type Export, type ExportKind, type Exports, type FileFormat } from '@/api/exports'

/** Pause between two questions while news come fast. */
const PAUSE_MS = 300

/** The person's exports, kept up to date by news from the server; open = the tray is on the screen. */
export class ExportTray {
  readonly open = shallowRef(false)
  readonly rows = shallowRef<readonly Export[] | null>(null)
  readonly failure = shallowRef('')
  /** What was made and not looked at yet, by id. */
  readonly fresh = shallowRef<ReadonlySet<string>>(new Set())
  readonly running = computed(() => (this.rows.value ?? []).filter(unfinished).length)
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly exports: Exports,
    private readonly wordsOf: (failure: unknown) => string,
  ) {}

  show(): void {
    this.open.value = true
    this.fresh.value = new Set()
    void this.load()
  }

  hide(): void {
    this.open.value = false
  }

  /** Have a table made, and show how it goes on. */
  async ask(kind: ExportKind, query: Query, format: FileFormat): Promise<void> {
    await this.exports.ask(kind, query, format)
    this.show()
  }

  async cancel(row: Export): Promise<void> {
    await this.exports.cancel(row.export)
    await this.load()
  }

  async remove(row: Export): Promise<void> {
    await this.exports.remove(row.export)
    await this.load()
  }

  /** Something has changed: ask soon, once for all that changes until then. */
  hear(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.load()
    }, PAUSE_MS)
  }

  async load(): Promise<void> {
    try {
      this.take((await this.exports.list()).items)
      this.failure.value = ''
    } catch (error) {
      this.failure.value = this.wordsOf(error)
    }
  }

  /** Somebody else may log in here. */
  forget(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.open.value = false
    this.rows.value = null
    this.fresh.value = new Set()
  }

  private take(rows: readonly Export[]): void {
    const waited = new Set((this.rows.value ?? []).filter(unfinished).map((row) => row.export))
    const made = rows.filter((row) => waited.has(row.export) && !unfinished(row)).map((row) => row.export)
    if (!this.open.value && made.length) this.fresh.value = new Set([...this.fresh.value, ...made])
    this.rows.value = rows
  }
}

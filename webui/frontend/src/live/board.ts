import { shallowRef, type ShallowRef } from 'vue'

export interface Snapshot<Row> {
  sequence: number
  now: number
  rows: Row[]
}

export interface Delta<Row> {
  from: number
  to: number
  now: number
  rows: Row[]
  removed: string[]
}

/**
 * The rows of one wallboard: a snapshot advanced by deltas, each of which must follow the one before.
 *
 * `rows` is a new array after every change, but a row that didn't change is the same object as before, so only
 * changed rows are drawn again.
 */
export class Board<Row extends { id: string }> {
  readonly rows: ShallowRef<readonly Row[]> = shallowRef([])
  readonly loaded = shallowRef(false)
  private readonly byId = new Map<string, Row>()
  private sequence = -1

  /** Replace everything. */
  load(snapshot: Snapshot<Row>): void {
    this.byId.clear()
    for (const row of snapshot.rows) this.byId.set(row.id, row)
    this.sequence = snapshot.sequence
    this.loaded.value = true
    this.publish()
  }

  /** Forget everything: the next to look may be somebody else. */
  clear(): void {
    this.byId.clear()
    this.sequence = -1
    this.loaded.value = false
    this.publish()
  }

  /** Advance; false when a message is missing in between: nothing is changed and the board must be loaded again. */
  advance(delta: Delta<Row>): boolean {
    if (delta.from !== this.sequence) return false
    for (const row of delta.rows) this.byId.set(row.id, row)
    for (const id of delta.removed) this.byId.delete(id)
    this.sequence = delta.to
    if (delta.rows.length || delta.removed.length) this.publish()
    return true
  }

  /** Tell whether a delta was already contained in the snapshot. */
  knows(delta: Delta<Row>): boolean {
    return delta.to <= this.sequence
  }

  private publish(): void {
    this.rows.value = [...this.byId.values()]
  }
}

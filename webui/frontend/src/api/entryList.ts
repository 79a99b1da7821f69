import type { Api, Query } from './client'
import type { Upload } from './upload'

export interface EntryPage<Row> {
  items: Row[]
  /** Cursor of the page after this, if there is one. */
  next: string | null
}

export type Fate = 'added' | 'duplicate' | 'refused' | 'skipped'

/** What became of a file's lines; a line is told by its number or name. */
export interface ImportReport {
  added: number
  duplicates: number
  refused: number
  skipped?: number
  lines: { line: number; number?: string; name?: string; result: Fate; reason: string }[]
}

/** A list that people keep: searched page by page, changed entry by entry, added to from files. */
export class EntryList<Row, Entry> {
  constructor(
    protected readonly api: Api,
    protected readonly path: string,
  ) {}

  list(query: Query, cursor: string | null, signal?: AbortSignal): Promise<EntryPage<Row>> {
    return this.api.get(this.path, { ...query, cursor }, signal)
  }

  /** Without an id it is new. */
  save(entry: Entry, id: string): Promise<Row> {
    return id ? this.api.put(this.at(id), entry) : this.api.post(this.path, entry)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(this.at(id))
  }

  bringIn(send: Upload, file: File, wishes: Record<string, string> = {}): Promise<ImportReport> {
    return send(`${this.path}/import`, { file, ...wishes })
  }

  protected at(id: string): string {
    return `${this.path}/${encodeURIComponent(id)}`
  }
}

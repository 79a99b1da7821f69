import type { Api } from './client'
import type { ImportReport } from './blacklist'
import type { Upload } from './upload'

/** What people enter: a number, or the beginning of one with a trailing `*`, and its priority (0-99) over the queue's. */
export interface PriorityCaller {
  number: string
  priority: number | null
  description: string
}

/** `entry` is how the number is compared. */
export interface ListedCaller extends PriorityCaller {
  id: string
  entry: string
  priority: number
  created: number
  created_by_name: string | null
}

export interface CallerPage {
  items: ListedCaller[]
  next: string | null
}

export type CallerReport = Omit<ImportReport, 'skipped'>

const PATH = '/caller-priorities'

export class CallerPriorities {
  constructor(private readonly api: Api) {}

  list(search: string, cursor: string | null): Promise<CallerPage> {
    return this.api.get(PATH, { search: search.trim(), cursor })
  }

  /** Without an id it is new. */
  save(caller: PriorityCaller, id: string): Promise<ListedCaller> {
    return id ? this.api.put(`${PATH}/${encodeURIComponent(id)}`, caller) : this.api.post(PATH, caller)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(`${PATH}/${encodeURIComponent(id)}`)
  }

  bringIn(send: Upload, file: File): Promise<CallerReport> {
    return send(`${PATH}/import`, { file })
  }
}

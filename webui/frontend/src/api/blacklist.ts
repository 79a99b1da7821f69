import type { Api } from './client'
import type { Upload } from './upload'

export const DIRECTIONS = ['in', 'out', 'both'] as const
export type Direction = (typeof DIRECTIONS)[number]
export const NUMBER_LENGTH = 20
export const DESCRIPTION_LENGTH = 50

/** What people enter: a number, or the beginning of one with a trailing `*`; `expires` in microseconds, null = never. */
export interface BlockedNumber {
  number: string
  direction: Direction
  description: string
  expires: number | null
}

/** `entry` is how the number is compared; `hits` counts the calls that were refused. */
export interface BlacklistEntry extends BlockedNumber {
  id: string
  entry: string
  created: number
  created_by: string
  created_by_name: string | null
  hits: number
  last_hit: number | null
}

export interface BlacklistPage {
  items: BlacklistEntry[]
  next: string | null
}

export const FATES = ['added', 'duplicate', 'refused', 'skipped'] as const

export interface ImportReport {
  added: number
  duplicates: number
  refused: number
  skipped: number
  lines: { line: number; number: string; result: (typeof FATES)[number]; reason: string }[]
}

const PATH = '/blacklist'

export class Blacklist {
  constructor(private readonly api: Api) {}

  list(search: string, direction: Direction | '', cursor: string | null): Promise<BlacklistPage> {
    return this.api.get(PATH, { search: search.trim(), direction, cursor })
  }

  /** Without an id it is new. */
  save(entry: BlockedNumber, id: string): Promise<BlacklistEntry> {
    return id ? this.api.put(`${PATH}/${encodeURIComponent(id)}`, entry) : this.api.post(PATH, entry)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(`${PATH}/${encodeURIComponent(id)}`)
  }

  bringIn(send: Upload, file: File, allOrNothing: boolean): Promise<ImportReport> {
    return send(`${PATH}/import`, { file, all_or_nothing: String(allOrNothing) })
  }
}

/** Where the whole list is to be had as a file. */
export const exportUrl = (format: 'csv' | 'xlsx'): string => `/api/v1${PATH}/export?format=${format}`

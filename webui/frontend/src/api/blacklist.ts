import type { Api } from './client'
import { EntryList } from './entryList'

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

const PATH = '/blacklist'

export class Blacklist extends EntryList<BlacklistEntry, BlockedNumber> {
  constructor(api: Api) {
    super(api, PATH)
  }
}

/** Where the whole list is to be had as a file. */
export const exportUrl = (format: 'csv' | 'xlsx'): string => `/api/v1${PATH}/export?format=${format}`

import type { Api } from './client'
import { EntryList } from './entryList'

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

export class CallerPriorities extends EntryList<ListedCaller, PriorityCaller> {
  constructor(api: Api) {
    super(api, '/caller-priorities')
  }
}

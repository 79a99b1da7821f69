import { queryString, type Api, type Query } from './client'

export const EXPORT_KINDS = ['calls', 'states', 'charges', 'customers'] as const
export type ExportKind = (typeof EXPORT_KINDS)[number]
export const EXPORT_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export type ExportState = (typeof EXPORT_STATES)[number]
export type FileFormat = 'csv' | 'xlsx'

/** A table that a worker makes; times in microseconds, `total` null = not counted yet, gone after `expires`. */
export interface Export {
  export: string
  kind: ExportKind
  format: FileFormat
  created: number
  status: ExportState
  lines: number
  total: number | null
  size: number | null
  error: string
  expires: number
}

const PATH = '/exports'
const at = (id: string): string => `${PATH}/${encodeURIComponent(id)}`

export class Exports {
  constructor(private readonly api: Api) {}

  list(cursor: string | null = null): Promise<{ items: Export[]; next: string | null }> {
    return this.api.get(PATH, { cursor, limit: 50 })
  }

  /** `query` is the list's own filter. */
  ask(kind: ExportKind, query: Query, format: FileFormat): Promise<Export> {
    return this.api.post(`${PATH}/${kind}${queryString(query)}`, { format })
  }

  cancel(id: string): Promise<Export> {
    return this.api.post(`${at(id)}/cancel`)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(at(id))
  }
}

export const fileUrl = (id: string): string => `/api/v1${at(id)}/file`

/** An export that is still to be made. */
export const unfinished = ({ status }: Export): boolean => status === 'waiting' || status === 'running'

/** Bytes as people read them. */
export function bytes(size: number): string {
  const steps = ['B', 'KB', 'MB', 'GB'] as const
  const step = Math.min(steps.length - 1, size < 1 ? 0 : Math.floor(Math.log(size) / Math.log(1024)))
  const value = size / 1024 ** step
  return `${step && value < 10 ? value.toFixed(1) : Math.round(value)} ${steps[step]}`
}

import type { Api } from './client'

export const KINDS = ['calls', 'stories', 'states', 'customers', 'messages', 'exports', 'audit'] as const
export type Kind = (typeof KINDS)[number]

/** Days by kind, null = as is usual; `bounds`: what can be set, `usual` null = for ever. */
export interface Retention {
  days: Record<Kind, number | null>
  bounds: Record<Kind, { least: number; most: number; usual: number | null }>
}

const PATH = '/config/retention'

export class RetentionApi {
  constructor(private readonly api: Api) {}

  load(): Promise<Retention> {
    return this.api.get(PATH)
  }

  save({ days }: Retention): Promise<Retention> {
    return this.api.put(PATH, { days })
  }

  /** How many would be deleted now: those older than `before`, microseconds. */
  preview(kind: Kind, days: number): Promise<{ count: number; before: number }> {
    return this.api.get(`${PATH}/preview`, { kind, days })
  }
}

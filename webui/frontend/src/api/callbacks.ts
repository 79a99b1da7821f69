import type { Api } from './client'

/** A promise to call back that is open; times in microseconds UTC. */
export interface OpenCallback {
  call: string
  number: string
  caller_id: string
  queue: string | null
  state: string
  agent: string | null
  promised: number
  entered: number | null
  expires: number | null
  tries: number
  again: number | null
}

export class Callbacks {
  constructor(private readonly api: Api) {}

  /** The longest promised first. */
  async open(): Promise<OpenCallback[]> {
    return (await this.api.get<{ items: OpenCallback[] }>('/callbacks')).items
  }

  cancel(call: string): Promise<unknown> {
    return this.api.post(`/callbacks/${encodeURIComponent(call)}/cancel`)
  }

  next(call: string): Promise<unknown> {
    return this.api.post(`/callbacks/${encodeURIComponent(call)}/next`)
  }
}

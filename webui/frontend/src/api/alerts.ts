import type { Api } from './client'

/** Something that administrators should look at; seen `count` times that day, the `number` called last. Times in microseconds UTC. */
export interface Alert {
  id: number
  kind: 'limit_reached' | 'refused_often'
  /** The limit that was reached, or why calls were refused. */
  what: string
  /** Null: all agents count together. */
  agent: string | null
  number: string
  count: number
  first: number
  last: number
}

export interface AlertPage {
  items: Alert[]
  next: string | null
  /** What was seen after this moment is new to the person. */
  read: number
  unread: number
}

export class Alerts {
  constructor(private readonly api: Api) {}

  list(cursor: string | null = null): Promise<AlertPage> {
    return this.api.get('/alerts', { cursor })
  }

  read(until: number): Promise<unknown> {
    return this.api.put('/alerts/read', { until })
  }
}

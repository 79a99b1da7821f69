import type { Api } from './client'

export const WEBHOOK_LIMITS = { name: 60, url: 2000 } as const

/** What people enter; `events` are kinds that the server names. */
export interface WebhookForm {
  name: string
  url: string
  events: string[]
  active: boolean
}

/** Times in microseconds: fails since, not asked before, switched off because it failed for a day. */
export interface Webhook extends WebhookForm {
  id: string
  created: number
  created_by_name: string | null
  failures: number
  failing_since: number | null
  retry_at: number | null
  paused_at: number | null
}

/** `secret` is shown once. */
export type WebhookWithSecret = Webhook & { secret: string }

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** A message: `code` of the last answer, `ms` it took, `error` an id; the next try is at `due`. */
export interface Delivery {
  id: string
  event_id: string
  type: string
  created: number
  status: DeliveryState
  due: number | null
  until: number
  attempts: number
  attempted: number | null
  code: number | null
  ms: number | null
  error: string
}

const PATH = '/webhooks'
const at = (id: string): string => `${PATH}/${encodeURIComponent(id)}`

export class Webhooks {
  constructor(private readonly api: Api) {}

  list(): Promise<{ items: Webhook[]; kinds: string[] }> {
    return this.api.get(PATH)
  }

  add(form: WebhookForm): Promise<WebhookWithSecret> {
    return this.api.post(PATH, form)
  }

  change(form: WebhookForm, id: string): Promise<Webhook> {
    return this.api.put(at(id), form)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(at(id))
  }

  renewSecret(id: string): Promise<WebhookWithSecret> {
    return this.api.post(`${at(id)}/secret`)
  }

  test(id: string): Promise<void> {
    return this.api.post(`${at(id)}/test`)
  }

  deliveries(id: string, status: DeliveryState | '', cursor: string | null, signal: AbortSignal): Promise<{ items: Delivery[]; next: string | null }> {
    return this.api.get(`${at(id)}/deliveries`, { status, cursor }, signal)
  }

  body(id: string, delivery: string): Promise<{ body: string }> {
    return this.api.get(`${at(id)}/deliveries/${encodeURIComponent(delivery)}`)
  }

  replay(id: string, delivery: string): Promise<{ waiting: number }> {
    return this.api.post(`${at(id)}/deliveries/${encodeURIComponent(delivery)}/replay`)
  }

  replayFailed(id: string): Promise<{ waiting: number }> {
    return this.api.post(`${at(id)}/replay`)
  }
}

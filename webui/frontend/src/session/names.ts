import { shallowRef } from 'vue'
import { ApiError, type Api } from '@/api/client'

export interface Named {
  id: string
  name: string
}

/** What agents and queues are called, wherever only their ids are known. */
export class Names {
  readonly agents = shallowRef<readonly Named[]>([])
  readonly queues = shallowRef<readonly Named[]>([])

  constructor(private readonly api: Api) {}

  /** Read them (again); where that fails the names known so far stay. */
  async load(): Promise<void> {
    try {
      const [agents, queues] = await Promise.all(['/agents', '/queues'].map((path) => this.api.get<{ items: Named[] }>(path)))
      this.agents.value = agents?.items ?? []
      this.queues.value = queues?.items ?? []
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }

  forget(): void {
    this.agents.value = this.queues.value = []
  }

  /** The agent's name, or the id of one that was removed. */
  agent = (id: string | null | undefined): string => find(this.agents.value, id)
  queue = (id: string | null | undefined): string => find(this.queues.value, id)
}

const find = (all: readonly Named[], id: string | null | undefined): string => (id ? (all.find((one) => one.id === id)?.name ?? id) : '')

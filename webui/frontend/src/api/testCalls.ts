import type { MenuTree, Way } from './config'
import type { Api } from './client'

/** What has happened: sent somewhere (`way`, `target`, `reason`), or a key pressed in the menu `target` (empty: none in time). */
export interface TestStep {
  at: number
  kind: 'routed' | 'key'
  way: Way | null
  target: string
  prompt: string
  reason: string
  key: string
  valid: boolean
}

/** `menu` is the one that asks now; `failed`: no call came about, `cause` says why. */
export interface TestCall {
  state: string
  menu: string
  failed: boolean
  cause: string
  steps: TestStep[]
}

/** Test calls: the switch walks through a draft; nobody else is called and nothing counts it. */
export class TestCalls {
  constructor(private readonly api: Api) {}

  async place(ivr: string, tree: MenuTree): Promise<string> {
    return (await this.api.post<{ call: string }>(`/config/ivrs/${encodeURIComponent(ivr)}/test-calls`, { tree })).call
  }

  show(call: string): Promise<TestCall> {
    return this.api.get(path(call))
  }

  press(call: string, key: string): Promise<unknown> {
    return this.api.post(`${path(call)}/keys`, { key })
  }

  hangUp(call: string): Promise<unknown> {
    return this.api.delete(path(call))
  }
}

const path = (call: string): string => `/config/test-calls/${encodeURIComponent(call)}`

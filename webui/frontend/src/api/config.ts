import type { Api } from './client'
import type { MobileShows } from './mobiles'

/** What administrators configure. Durations in seconds (`_s`); a key is an id that never changes. */

export const STRATEGIES = ['round_robin', 'random', 'fewest_answered', 'longest_idle'] as const
export type Strategy = (typeof STRATEGIES)[number]

export const WAYS = ['queue', 'menu', 'agent', 'number', 'callback', 'voicemail', 'service', 'hang_up'] as const
export type Way = (typeof WAYS)[number]

/** Ways that ring somebody, which may come to nothing. */
export const RINGING_WAYS: readonly Way[] = ['agent', 'number']

/** A call that is not taken is sent on at most so often by one destination. */
export const LINKS = 3

/**
 * Where a call goes; `target` is a queue's key or `<ivr>.<menu>`, inside an IVR also a menu of its own, an agent's id, or a
 * telephone number. The latter two ring `ring_s` (null = 30); if nobody takes the call there it goes `otherwise` (null =
 * hang up). A voicemail's target is a mailbox: `queue:<key>`, `agent:<id>`, empty for the company's. A telephone is shown `caller_id` (empty = the number dialled).
 */
export interface Destination {
  way: Way
  target: string
  prompt: string
  keep_wait: boolean
  /** The caller's own from here on, at least. */
  priority: number
  caller_id: string
  ring_s: number | null
  otherwise: Destination | null
}

/** How a queue calls back. */
export interface CallbackRule {
  key: string
  prompt: string
  ring_s: number
  tries: number
  retry_s: number
  expires_h: number
  /** Asks for another number; empty: callers are called back on the one they call from. */
  number_prompt: string
  confirm_prompt: string
  invalid_prompt: string
  refused_prompt: string
}

/** What callers are asked when their agent has hung up. */
export interface Survey {
  prompt: string
  thanks: string
  timeout_s: number
  tries: number
}

export interface Queue {
  key: string
  name: string
  strategy: Strategy
  music: string
  ring_s: number
  max_wait_s: number | null
  priority: number
  short_abandon_s: number
  service_level_s: number
  max_length: number | null
  on_timeout: Destination
  on_full: Destination
  /** Null lets callers wait although nobody is logged in. */
  on_empty: Destination | null
  prompt: string
  prompt_every_s: number | null
  announce_position: boolean
  announce_wait: boolean
  announce_after_s: number
  /** Null: once. */
  announce_every_s: number | null
  announce_language: 'zh' | 'en'
  /** Of agents (keys) whose rank is another than 1. */
  ranks: Record<string, number>
  /** After so much waiting one more rank is asked; null asks all from the beginning. */
  widen_s: number | null
  /** Null: nothing is asked. */
  survey: Survey | null
  /** Null: nobody is called back. */
  callback: CallbackRule | null
  /** Whether its callers are recorded; null: as the company says. */
  record?: boolean | null
  /** Asks agents on their mobiles to press 1; empty = as the company has it. */
  mobile_prompt: string
  /** What their mobiles show; null = as the company has it. */
  mobile_shows: MobileShows | null
  agents: string[]
  groups: string[]
  /** All agents that serve the queue: told by the server. */
  members: string[]
}

export interface ConfiguredAgent {
  key: string
  name: string
  group: string
  /** With the country's code; empty = none. */
  mobile: string
}

export interface OwnedNumber {
  number: string
  /** By which calls that show it go out, empty if none do. */
  trunk: string
  route: Destination
  /** Empty: always open. */
  hours: string
  closed: Destination
  holiday: Destination
  priority: number
}

/** From and until, as `HH:MM` of the company's day; 24:00 is its end. */
export type Span = [string, string]

export interface Holiday {
  date: string
  name: string
  spans: Span[]
}

export interface Hours {
  key: string
  name: string
  /** Monday first. */
  week: Span[][]
  holidays: Holiday[]
}

export interface Menu {
  id: string
  name: string
  prompt: string
  keys: Record<string, Destination>
  timeout_s: number
  tries: number
  invalid_prompt: string
  otherwise: Destination
}

export interface MenuTree {
  first: string
  menus: Menu[]
}

export interface Ivr {
  key: string
  name: string
  tree: MenuTree
  /** The tree differs from what callers hear. */
  draft: boolean
  /** What callers hear; null while nothing was published. */
  version: number | null
}

export interface MenuProblem {
  /** Empty for the tree as a whole. */
  menu: string
  /** The key concerned, or the field of the menu, or empty. */
  key: string
  id: string
  message: string
}

/** What was put into force first `at` (microseconds), `by` whose id; `in_force` is what callers hear now. */
export interface IvrVersion {
  version: number
  at: number
  by: string
  by_name: string | null
  in_force: boolean
}

const encode = encodeURIComponent

/** Things of one kind that are listed, read, changed and removed by their keys. */
export class Collection<T extends { key: string }> {
  constructor(
    protected readonly api: Api,
    protected readonly path: string,
  ) {}

  async list(): Promise<T[]> {
    return (await this.api.get<{ items: T[] }>(this.path)).items
  }

  get(key: string): Promise<T> {
    return this.api.get(this.at(key))
  }

  /** Without a key it is new, and the server makes one. */
  save(item: T): Promise<T> {
    if (item.key) return this.api.put(this.at(item.key), item)
    return this.api.post(this.path, { ...item, key: undefined })
  }

  remove(key: string): Promise<void> {
    return this.api.delete(this.at(key))
  }

  protected at(key: string): string {
    return `${this.path}/${encode(key)}`
  }
}

export class Ivrs extends Collection<Ivr> {
  async check(key: string, tree: MenuTree): Promise<MenuProblem[]> {
    return (await this.api.post<{ problems: MenuProblem[] }>(`${this.at(key)}/check`, { tree })).problems
  }

  publish(key: string): Promise<Ivr> {
    return this.api.post(`${this.at(key)}/publish`)
  }

  async versions(key: string): Promise<IvrVersion[]> {
    return (await this.api.get<{ items: IvrVersion[] }>(`${this.at(key)}/versions`)).items
  }

  rollBack(key: string, version: number): Promise<Ivr> {
    return this.api.post(`${this.at(key)}/roll-back`, { version })
  }
}

export class Configuration {
  readonly queues: Collection<Queue>
  readonly hours: Collection<Hours>
  readonly ivrs: Ivrs

  constructor(private readonly api: Api) {
    this.queues = new Collection(api, '/config/queues')
    this.hours = new Collection(api, '/config/hours')
    this.ivrs = new Ivrs(api, '/config/ivrs')
  }

  async agents(): Promise<ConfiguredAgent[]> {
    return (await this.api.get<{ items: ConfiguredAgent[] }>('/config/agents')).items
  }

  async groups(): Promise<string[]> {
    return (await this.api.get<{ items: string[] }>('/config/groups')).items
  }

  async numbers(): Promise<OwnedNumber[]> {
    return (await this.api.get<{ items: OwnedNumber[] }>('/config/numbers')).items
  }

  saveNumber(number: OwnedNumber): Promise<OwnedNumber> {
    return this.api.put(`/config/numbers/${encode(number.number)}`, number)
  }
}

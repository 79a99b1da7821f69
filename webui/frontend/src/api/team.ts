import type { Api } from './client'
import type { AgentState, AnswerMode, Permission } from './types'

/** People, groups, roles, seats and the audit of the company. Times are microseconds UTC. */

export interface TeamAgent {
  /** Empty: in no group. */
  group: string
  mode: AnswerMode
  seat: boolean
}

export interface PersonForm {
  login: string
  name: string
  role: string
  active: boolean
  /** Groups that the scope `group` means. */
  leads: string[]
  chat_seat: boolean
  /** Where links to choose a password go; empty: no address. */
  email: string
  /** Null: no call agent. */
  agent: TeamAgent | null
}

export interface Person extends PersonForm {
  id: string
  key: string | null
  device: string
  soft_phone: boolean
}

/** What is shown once, with words of how to pass it on. */
export interface Secret {
  title: string
  lines: [string, string][]
  note?: string
}

/** A link to choose a password; `mailed` is where it was sent, empty: nowhere. */
export interface PasswordLink {
  url: string
  expires: number
  mailed: string
}

export interface SoftPhone {
  user: string
  domain: string
  password: string
}

export interface Group {
  name: string
  agents: string[]
  leaders: string[]
  queues: string[]
}

export const SCOPES = ['own', 'group', 'all'] as const
export type Scope = (typeof SCOPES)[number]
export type Grants = Partial<Record<Permission, Scope>>

export interface RoleForm {
  name: string
  grants: Grants
}

export interface Role extends RoleForm {
  key: string
  /** Can be copied, not changed; its name is a text. */
  prepared: boolean
  people: number
}

export interface Grantable {
  permission: Permission
  scopes: Scope[]
}

export const SERVICE_STANDINGS = ['valid', 'not_begun', 'expired', 'suspended'] as const
export type ServiceStanding = (typeof SERVICE_STANDINGS)[number]

export const SEAT_KINDS = ['call', 'chat'] as const
export type SeatKind = (typeof SEAT_KINDS)[number]

export interface SeatCount {
  /** Null: without a limit. */
  purchased: number | null
  assigned: number
  /** Null: nobody logs in for it. */
  logged_in: number | null
}

export interface SeatHolder {
  id: string
  name: string
  agent: string | null
  group: string
  /** Null: no call agent. */
  call: boolean | null
  chat: boolean
  state: AgentState | null
  since: number | null
}

export interface Seats {
  now: number
  standing: ServiceStanding
  reason: string
  until: number | null
  call: SeatCount
  chat: SeatCount
  holders: SeatHolder[]
}

export interface AuditChange {
  id: string
  at: number
  who: string
  who_name: string | null
  area: string
  key: string
  before: unknown
  after: unknown
}

export interface AuditFilter {
  from: number | null
  to: number | null
  areas: string[]
  who: string[]
}

const encode = encodeURIComponent

export class Team {
  constructor(private readonly api: Api) {}

  async people(): Promise<Person[]> {
    return (await this.api.get<{ items: Person[] }>('/team/people')).items
  }

  add(form: PersonForm): Promise<{ person: Person; password: string }> {
    return this.api.post('/team/people', form)
  }

  change(id: string, form: PersonForm): Promise<Person> {
    return this.api.put(`/team/people/${encode(id)}`, form)
  }

  async newPassword(id: string): Promise<string> {
    return (await this.api.post<{ password: string }>(`/team/people/${encode(id)}/password`)).password
  }

  makeLink(id: string): Promise<PasswordLink> {
    return this.api.post(`/team/people/${encode(id)}/password-link`)
  }

  giveSoftPhone(id: string): Promise<SoftPhone> {
    return this.api.post(`/team/people/${encode(id)}/soft-phone`)
  }

  takeSoftPhone(id: string): Promise<Person> {
    return this.api.delete(`/team/people/${encode(id)}/soft-phone`)
  }

  async groups(): Promise<Group[]> {
    return (await this.api.get<{ items: Group[] }>('/team/groups')).items
  }

  addGroup(name: string): Promise<Group> {
    return this.api.post('/team/groups', { name })
  }

  renameGroup(name: string, to: string): Promise<Group> {
    return this.api.put(`/team/groups/${encode(name)}`, { name: to })
  }

  removeGroup(name: string): Promise<void> {
    return this.api.delete(`/team/groups/${encode(name)}`)
  }

  roles(): Promise<{ items: Role[]; permissions: Grantable[] }> {
    return this.api.get('/team/roles')
  }

  /** Without a key it is new. */
  saveRole(form: RoleForm, key: string): Promise<Role> {
    return key ? this.api.put(`/team/roles/${encode(key)}`, form) : this.api.post('/team/roles', form)
  }

  removeRole(key: string): Promise<void> {
    return this.api.delete(`/team/roles/${encode(key)}`)
  }

  seats(): Promise<Seats> {
    return this.api.get('/team/seats')
  }

  assign(person: string, kind: SeatKind, assigned: boolean): Promise<Seats> {
    return this.api.put(`/team/seats/${encode(person)}`, { kind, assigned })
  }

  audit(filter: AuditFilter, cursor: string | null, signal: AbortSignal): Promise<{ items: AuditChange[]; next: string | null }> {
    return this.api.get('/audit', { from: filter.from, to: filter.to, area: filter.areas, who: filter.who, cursor }, signal)
  }

  async auditAreas(): Promise<string[]> {
    return (await this.api.get<{ items: string[] }>('/audit/areas')).items
  }
}

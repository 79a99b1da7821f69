import type { Api } from './client'
import type { Customer } from './customers'
import type { Outcome } from './calls'
import type { ChosenState } from './types'

/** Characters of notes and of a tag, and tags of a form. */
export const FORM_LIMITS = { notes: 4000, tag: 30, tags: 20 } as const

/** What an agent writes about a call; `disposition` is a key, or empty. */
export interface FormContent {
  notes: string
  disposition: string
  tags: string[]
}

/** A form as it is kept; `closed` null = a draft. */
export interface CallForm extends FormContent {
  agent: string
  disposition_name: string
  saved: number
  closed: number | null
}

export interface Disposition {
  key: string
  name: string
  /** Keys of the queues whose calls may have it; empty = all. */
  queues: string[]
  /** Inactive ones are offered no more. */
  active: boolean
}

/** Everything that forms of the company offer. */
export interface FormChoices {
  dispositions: Disposition[]
  tags: string[]
  free_tags: boolean
}

export interface PressedKey {
  key: string
  /** Name of the menu, empty in the queue's line. */
  menu: string
  way: string
  target: string
}

export interface EarlierCall {
  call: string
  arrived: number
  queue: string | null
  agent: string | null
  outcome: Outcome
  talk_us: number
  forms: CallForm[]
}

/** All that is known of the caller of the own call. */
export interface ScreenPop {
  call: string
  /** As people write it; `e164` as it is compared. */
  number: string
  e164: string
  withheld: boolean
  place: string
  carrier: string
  caller_name: string
  dialled: string
  queue: string | null
  arrived: number
  priority: number
  raised_by: string | null
  keys: PressedKey[]
  customer: Customer | null
  earlier: { items: EarlierCall[]; more: boolean }
  form: CallForm | null
  /** What the form of this call offers; without `on` there is no form, and no wrap-up. */
  choices: { on: boolean; dispositions: { key: string; name: string }[]; tags: string[]; free_tags: boolean }
}

/** The state chosen for after wrap-up. */
export interface NextState {
  state: ChosenState
  reason: string
}

export class Forms {
  constructor(private readonly api: Api) {}

  screenPop(call: string): Promise<ScreenPop> {
    return this.api.get(`${path(call)}/screen-pop`)
  }

  /** Keep what is written so far; after wrap-up the change is noted in the audit. */
  save(call: string, agent: string, form: FormContent): Promise<CallForm> {
    return this.api.put(`${path(call)}/forms/${encodeURIComponent(agent)}`, pick(form))
  }

  /** Close the form: wrap-up ends, or won't begin. */
  close(call: string, agent: string, form: FormContent, then: NextState | null): Promise<CallForm> {
    return this.api.post(`${path(call)}/forms/${encodeURIComponent(agent)}/close`, { ...pick(form), then })
  }

  choices(): Promise<FormChoices> {
    return this.api.get('/form-choices')
  }
}

const path = (call: string): string => `/calls/${encodeURIComponent(call)}`
const pick = ({ notes, disposition, tags }: FormContent): FormContent => ({ notes, disposition, tags })

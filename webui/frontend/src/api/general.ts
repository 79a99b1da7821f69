import type { Api } from './client'
import type { FormChoices } from './forms'

/** What holds for all of the company's calls and agents. */
export interface General {
  /** An IANA name: it says when a day begins. */
  timezone: string
  /** ISO 3166, two letters: where numbers without a country's code belong. */
  country: string
  break_reasons: string[]
  /** 0 = never. */
  miss_limit: number | null
  device_grace_s: number | null
  call_form: boolean
  /** 0 = wrap-up has no limit. */
  wrap_up_s: number | null
  form: FormChoices
}

export const GENERAL_LIMITS = { miss_limit: [0, 20], device_grace_s: [5, 600], wrap_up_s: [0, 3600] } as const

export class GeneralSettings {
  constructor(private readonly api: Api) {}

  load(): Promise<General> {
    return this.api.get('/config/general')
  }

  save(general: General): Promise<General> {
    return this.api.put('/config/general', general)
  }

  choices(): Promise<{ timezones: string[]; countries: string[] }> {
    return this.api.get('/config/general/choices')
  }
}

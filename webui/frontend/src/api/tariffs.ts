import type { TariffVersion } from './billing'
import type { Api } from './client'
import type { Upload } from './upload'

export const ROUNDINGS = ['half_up', 'half_even', 'up'] as const
export type Rounding = (typeof ROUNDINGS)[number]
export const RENT_ITEMS = ['call_seat', 'chat_seat', 'number'] as const
export type RentItem = (typeof RENT_ITEMS)[number]

export interface TariffLine {
  id: string
  name: string
  currency: string
  versions: number
  in_force: number | null
  valid_from: number | null
  draft: boolean
  companies: number
}

/** What is wrong or worth a look: `place` is a field, such as `rates.3.prefix`. */
export interface Notice {
  place: string
  text: string
}

export interface Draft {
  name: string
  edited: number
  edited_by: string
  version: TariffVersion
  flaws: Notice[]
  warnings: Notice[]
}

export interface PublishedVersion {
  number: number
  state: 'in_force' | 'coming' | 'over' | 'replaced'
  created: number
  created_by: string
  version: TariffVersion
}

export interface Tariff {
  id: string
  name: string
  versions: PublishedVersion[]
  draft: Draft | null
  companies: string[]
}

/** What is sent as a draft: a version without its number, with the tariff's name. */
export type DraftForm = Omit<TariffVersion, 'tariff' | 'number'> & { name: string }

export interface SheetReport {
  read: number
  refused: { line: number; written: string; reason: string }[]
  draft: Draft
}

const PATH = '/tariffs'
const at = (tariff: string): string => `${PATH}/${encodeURIComponent(tariff)}`

/** The operator's tariffs. */
export class Tariffs {
  constructor(private readonly api: Api) {}

  list(): Promise<{ items: TariffLine[] }> {
    return this.api.get(PATH)
  }

  show(tariff: string): Promise<Tariff> {
    return this.api.get(at(tariff))
  }

  write(tariff: string, draft: DraftForm): Promise<Tariff> {
    return this.api.put(`${at(tariff)}/draft`, draft)
  }

  discard(tariff: string): Promise<void> {
    return this.api.delete(`${at(tariff)}/draft`)
  }

  publish(tariff: string): Promise<Tariff> {
    return this.api.post(`${at(tariff)}/draft/publish`)
  }

  bringIn(send: Upload, tariff: string, file: File): Promise<SheetReport> {
    return send(`${at(tariff)}/draft/rates`, { file })
  }
}

/** Where a version's rates are to be had as a file. */
export const ratesUrl = (tariff: string, version: number, format: 'csv' | 'xlsx'): string => `/api/v1${at(tariff)}/versions/${version}/rates?format=${format}`

/** A version as a form to write the next one in. */
export function draftFrom(version: TariffVersion, name: string): DraftForm {
  const { valid_from, currency, places, rounding, tax_percent, free_s, free_pro_rata } = version
  const rates = version.rates.map((rate) => ({ ...rate }))
  return { name, valid_from, currency, places, rounding, tax_percent, free_s, free_pro_rata, rents: { ...version.rents }, rates }
}

/** How a new tariff begins: in force from `validFrom` (us), one rate each way. */
export function newDraft(name: string, currency: string, validFrom: number): DraftForm {
  const rate = { prefix: '', name: '', price: '0', first_s: 60, next_s: 60, connection_fee: '0', minimum: '0', free_minutes: false }
  return {
    name,
    valid_from: validFrom,
    currency,
    places: 4,
    rounding: 'half_up',
    tax_percent: '0',
    free_s: 0,
    free_pro_rata: false,
    rents: {},
    rates: [
      { direction: 'in', ...rate },
      { direction: 'out', ...rate },
    ],
  }
}

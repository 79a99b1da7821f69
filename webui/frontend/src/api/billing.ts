import { queryString, type Api } from './client'
import type { Rounding } from './tariffs'

/** Amounts are exact decimals as text: never reckon with them here. */
export interface Rate {
  direction: 'in' | 'out'
  prefix: string
  name: string
  price: string
  first_s: number
  next_s: number
  connection_fee: string
  minimum: string
  free_minutes: boolean
}

export interface TariffVersion {
  tariff: string
  number: number
  valid_from: number
  currency: string
  places: number
  rounding: Rounding
  tax_percent: string
  free_s: number
  free_pro_rata: boolean
  rents: Record<string, string>
  rates: Rate[]
}

export interface Account {
  currency: string
  balance: string
  prepaid: boolean
  credit: string
  low_balance: string | null
  low_since: number | null
  /** The month that is charged now. */
  month: string
  tariff: TariffVersion | null
}

/** `lines` are the arithmetic, in the user's language; a correction names the charge it puts right, and what made that. */
export interface Charge {
  id: string
  kind: string
  call: string | null
  direction: 'in' | 'out' | null
  number: string | null
  month: string
  began: number
  seconds: string
  tariff: string
  version: number
  currency: string
  net: string
  tax: string
  total: string
  lines: string[]
  corrects: string | null
  from_version: string | null
}

export interface Sums {
  month: string
  currency: string
  opening: string
  paid: string
  net: string
  tax: string
  charged: string
  closing: string
  calls: number
}

export interface Movement {
  n: number
  at: number
  month: string
  kind: 'charge' | 'top_up' | 'adjustment'
  reference: string
  amount: string
  balance: string
  note: string
}

export interface MovementPage {
  items: Movement[]
  next: string | null
}

export interface MonthBill extends Sums {
  closed: boolean
  parts: { what: 'calls_in' | 'calls_out' | 'rent' | 'correction'; count: number; seconds: string; net: string; tax: string; total: string }[]
  taxes: { percent: string | null; rounding: Rounding | null; places: number | null; net: string; tax: string }[]
  payments: Movement[]
}

export interface ChargePage {
  items: Charge[]
  next: string | null
}

export interface ChargeFilter {
  month?: string
  call?: string
}

const PATH = '/billing'

export class Billing {
  constructor(private readonly api: Api) {}

  account(): Promise<{ account: Account | null }> {
    return this.api.get(PATH)
  }

  statements(): Promise<{ items: Sums[] }> {
    return this.api.get(`${PATH}/statements`)
  }

  month(month: string): Promise<MonthBill> {
    return this.api.get(`${PATH}/months/${encodeURIComponent(month)}`)
  }

  charges(filter: ChargeFilter, cursor: string | null, signal?: AbortSignal): Promise<ChargePage> {
    return this.api.get(`${PATH}/charges`, { ...filter, cursor, limit: 100 }, signal)
  }

  movements(cursor: string | null, signal?: AbortSignal): Promise<MovementPage> {
    return this.api.get(`${PATH}/movements`, { cursor, limit: 100 }, signal)
  }
}

export const statementUrl = (month: string, format: 'pdf' | 'csv'): string => `/api/v1${PATH}/statements/${month}${queryString({ format })}`

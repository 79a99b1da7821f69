import { queryString, type Api } from './client'

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
  tax_percent: string
  free_s: number
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
  tariff: TariffVersion | null
}

/** `lines` are the arithmetic, in the user's language. */
export interface Charge {
  id: string
  kind: string
  call: string | null
  number: string | null
  month: string
  began: number
  tariff: string
  version: number
  currency: string
  total: string
  lines: string[]
}

export interface Statement {
  month: string
  currency: string
  opening: string
  paid: string
  charged: string
  closing: string
  calls: number
}

const PATH = '/billing'

export class Billing {
  constructor(private readonly api: Api) {}

  account(): Promise<{ account: Account | null }> {
    return this.api.get(PATH)
  }

  statements(): Promise<{ items: Statement[] }> {
    return this.api.get(`${PATH}/statements`)
  }

  charges(_: null, cursor: string | null, signal?: AbortSignal): Promise<{ items: Charge[]; next: string | null }> {
    return this.api.get(`${PATH}/charges`, { cursor, limit: 100 }, signal)
  }
}

export const statementUrl = (month: string, format: 'pdf' | 'csv'): string => `/api/v1${PATH}/statements/${month}${queryString({ format })}`

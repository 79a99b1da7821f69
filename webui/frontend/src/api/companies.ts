import type { MovementPage } from './billing'
import type { Api } from './client'
import type { Destination } from './config'
import type { RentItem } from './tariffs'

/** A company as the operator sees it; null where it isn't billed, seats null = without a limit. */
export interface Company {
  id: string
  name: string
  timezone: string
  standing: 'valid' | 'not_begun' | 'expired' | 'suspended'
  suspended_reason: string
  until: number | null
  call_seats: number | null
  chat_seats: number | null
  numbers: number
  tariff: string | null
  currency: string | null
  balance: string | null
  prepaid: boolean
  credit: string | null
  low_balance: string | null
  low_since: number | null
}

export interface Order {
  reference: string
  item: RentItem
  quantity: number
  since: string
  until: string | null
  note: string
}

/** A company to be made, and its first administrator, who logs in as `login`. */
export interface NewCompany {
  id: string
  name: string
  timezone: string
  login: string
  admin: string
}

/** What its administrator is told, once. */
export interface MadeCompany {
  id: string
  login: string
  password: string
}

export interface RecordedOrder extends Order {
  at: number
  who: string
}

/** A number that a company owns: `way` is where its calls go while it is open, `trunk` empty where it can't be shown. */
export interface OwnedNumber {
  number: string
  trunk: string
  way: Destination['way']
}

/** A company's numbers, and the trunks that there are to choose from. */
export interface OwnedNumbers {
  items: OwnedNumber[]
  trunks: string[]
}

export interface CompanyAccount extends Company {
  tariffs: { tariff: string; since: number; who: string }[]
  orders: RecordedOrder[]
}

export interface Terms {
  tariff: string
  prepaid: boolean
  credit: string
  low_balance: string | null
}

export interface Payment {
  kind: 'top_up' | 'adjustment'
  reference: string
  amount: string
  note: string
}

/** A charge that another tariff version makes different now. */
export interface Correction {
  kind: 'call' | 'rent'
  reference: string
  call: string | null
  number: string | null
  began: number
  from_version: string | null
  version: string
  charged: string
  right: string
  difference: string
  lines: string[]
}

export interface Corrections {
  month: string
  currency: string
  count: number
  net: string
  tax: string
  total: string
  items: Correction[]
}

const PATH = '/companies'
const at = (company: string): string => `${PATH}/${encodeURIComponent(company)}`

/** The operator's companies. What moves money is known by its reference, so that it is done once. */
export class Companies {
  constructor(private readonly api: Api) {}

  list(): Promise<{ items: Company[] }> {
    return this.api.get(PATH)
  }

  make(company: NewCompany): Promise<MadeCompany> {
    return this.api.post(PATH, company)
  }

  suspend(company: string, reason: string): Promise<{ suspended: boolean }> {
    return this.api.put(`${at(company)}/suspension`, { reason })
  }

  resume(company: string): Promise<void> {
    return this.api.delete(`${at(company)}/suspension`)
  }

  show(company: string): Promise<CompanyAccount> {
    return this.api.get(at(company))
  }

  setTerms(company: string, terms: Terms): Promise<CompanyAccount> {
    return this.api.put(`${at(company)}/account`, terms)
  }

  pay(company: string, payment: Payment): Promise<{ balance: string }> {
    return this.api.post(`${at(company)}/payments`, payment)
  }

  order(company: string, order: Order): Promise<CompanyAccount> {
    return this.api.post(`${at(company)}/orders`, order)
  }

  numbers(company: string): Promise<OwnedNumbers> {
    return this.api.get(`${at(company)}/numbers`)
  }

  giveNumber(company: string, wanted: { number: string; trunk: string }): Promise<OwnedNumbers> {
    return this.api.post(`${at(company)}/numbers`, wanted)
  }

  assignTrunk(company: string, number: string, trunk: string): Promise<OwnedNumbers> {
    return this.api.put(`${at(company)}/numbers/${encodeURIComponent(number)}`, { trunk })
  }

  takeNumber(company: string, number: string): Promise<OwnedNumbers> {
    return this.api.delete(`${at(company)}/numbers/${encodeURIComponent(number)}`)
  }

  movements(company: string, cursor: string | null, signal?: AbortSignal): Promise<MovementPage> {
    return this.api.get(`${at(company)}/movements`, { cursor, limit: 50 }, signal)
  }

  corrections(company: string, month: string): Promise<Corrections> {
    return this.api.get(`${at(company)}/corrections/${encodeURIComponent(month)}`)
  }

  correct(company: string, month: string): Promise<void> {
    return this.api.post(`${at(company)}/corrections/${encodeURIComponent(month)}`)
  }
}

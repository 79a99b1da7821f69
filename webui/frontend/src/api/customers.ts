import type { Api } from './client'
import type { EarlierCall } from './forms'
import type { Upload } from './upload'

/** Characters of the fields, and how many numbers and tags there may be. */
export const CUSTOMER_LIMITS = { name: 60, company: 100, email: 200, notes: 4000, numbers: 20, tags: 20, tag: 30 } as const

/** What people enter of a customer; numbers may be written in any way. */
export interface CustomerCard {
  name: string
  company: string
  email: string
  numbers: string[]
  tags: string[]
  notes: string
}

export interface Customer extends CustomerCard {
  id: string
  created: number
  created_by_name: string | null
  changed: number
}

export interface CustomerPage {
  items: Customer[]
  next: string | null
}

export interface CustomerReport {
  added: number
  duplicates: number
  refused: number
  lines: { line: number; name: string; result: 'added' | 'duplicate' | 'refused'; reason: string }[]
}

const PATH = '/customers'
const at = (id: string): string => `${PATH}/${encodeURIComponent(id)}`

export class Customers {
  constructor(private readonly api: Api) {}

  list(search: string, cursor: string | null): Promise<CustomerPage> {
    return this.api.get(PATH, { search: search.trim(), cursor })
  }

  show(id: string): Promise<Customer> {
    return this.api.get(at(id))
  }

  /** Without an id it is new. */
  save(card: CustomerCard, id: string): Promise<Customer> {
    return id ? this.api.put(at(id), card) : this.api.post(PATH, card)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(at(id))
  }

  /** The other one's numbers, tags and notes come to this one; the other one is gone then. */
  merge(id: string, other: string): Promise<Customer> {
    return this.api.post(`${at(id)}/merge`, { other })
  }

  calls(id: string): Promise<{ items: EarlierCall[]; more: boolean }> {
    return this.api.get(`${at(id)}/calls`)
  }

  bringIn(send: Upload, file: File): Promise<CustomerReport> {
    return send(`${PATH}/import`, { file })
  }
}

export const emptyCard = (): CustomerCard => ({ name: '', company: '', email: '', numbers: [], tags: [], notes: '' })

export const cardOf = ({ name, company, email, numbers, tags, notes }: CustomerCard): CustomerCard => ({ name, company, email, numbers: [...numbers], tags: [...tags], notes })

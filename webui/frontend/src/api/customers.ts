import type { Api } from './client'
import { EntryList } from './entryList'
import type { EarlierCall } from './forms'

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

export class Customers extends EntryList<Customer, CustomerCard> {
  constructor(api: Api) {
    super(api, '/customers')
  }

  /** The other one's numbers, tags and notes come to this one; the other one is gone then. */
  merge(id: string, other: string): Promise<Customer> {
    return this.api.post(`${this.at(id)}/merge`, { other })
  }

  calls(id: string): Promise<{ items: EarlierCall[]; more: boolean }> {
    return this.api.get(`${this.at(id)}/calls`)
  }
}

export const emptyCard = (): CustomerCard => ({ name: '', company: '', email: '', numbers: [], tags: [], notes: '' })

export const cardOf = ({ name, company, email, numbers, tags, notes }: CustomerCard): CustomerCard => ({ name, company, email, numbers: [...numbers], tags: [...tags], notes })

import { describe, expect, it } from 'vitest'
import type { Order } from '@/api/companies'
import { heldOn } from '@/live/orders'

const order = (item: Order['item'], quantity: number, since: string, until: string | null = null): Order => ({ reference: '', item, quantity, since, until, note: '' })

describe('what a company has ordered (SEAT-1)', () => {
  it('counts what is in force on a day, less what was given back', () => {
    const orders = [order('call_seat', 12, '2026-10-01'), order('call_seat', 8, '2026-10-18', '2026-12-31'), order('call_seat', -5, '2026-11-10'), order('number', 4, '2026-10-01')]
    expect(['2026-09-30', '2026-10-18', '2026-11-10', '2026-12-31', '2027-01-01'].map((day) => heldOn(orders, 'call_seat', day))).toEqual([0, 20, 15, 15, 7])
    expect(heldOn(orders, 'number', '2026-11-10')).toBe(4)
    expect(heldOn(orders, 'chat_seat', '2026-11-10')).toBe(0)
  })
})

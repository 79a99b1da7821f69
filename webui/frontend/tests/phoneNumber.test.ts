import { describe, expect, it } from 'vitest'
import { holdsNumber, shownNumber } from '@/live/phoneNumber'
import { filterSeats, type SeatView } from '@/live/seats'
import { seat } from './rows'

describe('telephone numbers on pages (NUM-1)', () => {
  it('are written as the company\'s country does, whatever way they came', () => {
    for (const came of ['13800138000', '+8613800138000', '013800138000']) expect(shownNumber(came, 'CN')).toBe('138 0013 8000')
    expect(shownNumber('+861012345678', 'CN')).toBe('010 1234 5678')
    expect(shownNumber('+12025550123', 'CN')).toBe('+1 202 555 0123')
    expect(shownNumber('+12025550123', 'US')).toBe('(202) 555-0123')
    expect(shownNumber('+8613800138000', '')).toBe('+86 138 0013 8000')
  })

  it('stay as they are where they are none: short codes, prefixes, hidden callers', () => {
    for (const other of ['10086', '4001', '138*', 'anonymous', '', '12025550123']) expect(shownNumber(other, 'CN')).toBe(other)
  })

  it('are found by the form that is shown, by parts of it and by others', () => {
    for (const wanted of ['138 0013 8000', '138 0013', '+86 138-0013', '013800138000']) expect(holdsNumber('+8613800138000', wanted)).toBe(true)
    expect(holdsNumber('13800138000', '139')).toBe(false)
    expect(holdsNumber('13800138000', 'Ann')).toBe(false)
    const view = { text: '138 0013', states: [], groups: [] } as unknown as SeatView
    expect(filterSeats([seat('a1', { caller: '13800138000' }), seat('a2')], view).map((row) => row.id)).toEqual(['a1'])
  })
})

import { describe, expect, it } from 'vitest'
import type { OwnSeat } from '@/api/types'
import { callsByMobile, cleanNumber, isRinging, mayCall, whyNotCall, whyUnreached } from '@/live/outbound'

const seat = (state: string, placed: string | null = null): OwnSeat => ({ row: { state, mode: 'web', registered: true }, call: placed ? { placed } : null }) as unknown as OwnSeat

describe('calls that the agent places (OUT-1)', () => {
  it('can begin in every state but offline, ringing and in a call', () => {
    const possible = ['online', 'break', 'busy', 'offline', 'ringing', 'in_call', 'wrap_up'].filter((state) => mayCall(seat(state)))
    expect(possible).toEqual(['online', 'break', 'busy', 'wrap_up'])
    expect(mayCall(null)).toBe(false)
  })

  it('need a device that rings first', () => {
    const own = seat('online')
    expect(whyNotCall(own)).toBeNull()
    expect(whyNotCall({ ...own, row: { ...own.row, registered: false } })).toBe('noDevice')
    expect(whyNotCall({ ...own, row: { ...own.row, registered: false, mode: 'mobile' } })).toBeNull()
    expect(whyNotCall(seat('in_call'))).toBe('notNow')
  })

  it('ring until the customer has answered', () => {
    expect(['own_phone', 'dialling', 'ringing', 'early_media', 'connected'].map((stage) => isRinging(seat('ringing', stage)))).toEqual([true, true, true, true, false])
    expect(isRinging(seat('ringing'))).toBe(false)
  })

  it('tell why they came to nothing in plain words', () => {
    const why = (cause: string, outcome = 'not_reached'): string => whyUnreached({ outcome, cause })
    expect(['USER_BUSY', 'NO_ANSWER', 'CALL_REJECTED', 'UNALLOCATED_NUMBER', 'NO_ROUTE_TRANSIT_NET'].map((cause) => why(cause))).toEqual(['busy', 'no_answer', 'refused', 'invalid', 'line'])
    expect(why('ORIGINATOR_CANCEL', 'given_up')).toBe('given_up')
    expect(why('NO_ANSWER', 'not_placed')).toBe('not_placed')
    expect(why('NOT_CONFIRMED', 'not_placed')).toBe('not_confirmed')
  })

  it('ring the mobile first where the agent answers there (MOB-1)', () => {
    const by = (mode: string): OwnSeat => ({ row: { mode } }) as unknown as OwnSeat
    expect([callsByMobile(by('mobile')), callsByMobile(by('web')), callsByMobile(null)]).toEqual([true, false, false])
  })

  it('take numbers as people paste them', () => {
    expect(cleanNumber(' tel:+86 139-0013-9000 ')).toBe('+8613900139000')
    expect(cleanNumber('（021）5000 1000 转')).toBe('02150001000')
    expect(cleanNumber('call me')).toBe('')
  })
})

import { describe, expect, it } from 'vitest'
import { draftFrom, newDraft } from '@/api/tariffs'
import { isAmount, isNegative, money, mostDecimals, priced, sumOf } from '@/live/money'

describe('money (BILL-1)', () => {
  it.each([
    ['20.000000', 'CNY', '20.00'],
    ['0.254400', 'CNY', '0.2544'],
    ['1234567.5', 'EUR', '1,234,567.50'],
    ['-0.100000', 'CNY', '−0.10'],
    ['1000', 'JPY', '1,000'],
    ['7.50', 'JPY', '7.5'],
    ['1.5', 'KWD', '1.500'],
    ['3', 'nonsense', '3.00'],
  ])('shows %s %s as %s', (amount, currency, text) => expect(money(amount, currency)).toBe(text))

  it('shows amounts below each other with the same decimals', () => {
    const amounts = ['101.880000', '92.292000', '3']
    expect(amounts.map((amount) => money(amount, 'CNY', mostDecimals(amounts)))).toEqual(['101.880', '92.292', '3.000'])
  })

  it('names the currency', () => expect(priced('9', 'CNY')).toBe('9.00 CNY'))

  it('knows what is owed', () => expect(['-0.1', '0', '-0.000000', '5'].map(isNegative)).toEqual([true, false, false, false]))

  it('adds up to the last digit', () => {
    expect(sumOf(['0.1', '0.2'])).toBe('0.300000')
    expect(sumOf(['0.254400', '-0.3', '1234567890.000001'])).toBe('1234567889.954401')
    expect(sumOf(['0.000001', '-0.000002'])).toBe('-0.000001')
  })

  it('takes only what the server takes', () => {
    expect(['1', '0.0937', '1e3', '', '-1', '0.1234567', ' 1', '12345678901'].map((text) => isAmount(text))).toEqual([true, true, false, false, false, false, false, false])
    expect(['-1', '--1', '-'].map((text) => isAmount(text, true))).toEqual([true, false, false])
  })
})

describe('a draft (BILL-1)', () => {
  it('begins with a rate for every number each way', () => expect(newDraft('x', 'CNY', 5).rates.map((rate) => [rate.direction, rate.prefix])).toEqual([['in', ''], ['out', '']]))

  it('is a copy of a version that can be changed without it', () => {
    const version = { ...newDraft('x', 'CNY', 5), tariff: 'standard', number: 3 }
    const draft = draftFrom(version, 'Standard')
    draft.rates.forEach((rate) => (rate.price = '9'))
    draft.rents.number = '1'
    expect([version.rates.map((rate) => rate.price), version.rents]).toEqual([['0', '0'], {}])
    expect([draft.name, 'number' in draft]).toEqual(['Standard', false])
  })
})

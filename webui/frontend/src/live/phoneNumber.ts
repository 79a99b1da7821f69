import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** National numbers of at most so many digits are short codes (10086, an extension): nobody groups them. */
const SHORT = 6

/** As many numbers as a wall of a thousand agents shows, and the pages beside it. */
const MOST_KEPT = 5000
const kept = new Map<string, string>()

/**
 * A number as people of a country (ISO 3166, two letters) write it: nationally if it belongs there, internationally if
 * not. What is no complete number (short codes, prefixes, hidden callers) stays as it is.
 */
export function shownNumber(number: string, country: string): string {
  const key = `${country} ${number}`
  const known = kept.get(key)
  if (known !== undefined) return known
  if (kept.size >= MOST_KEPT) kept.clear()
  const shown = written(number, country)
  kept.set(key, shown)
  return shown
}

function written(number: string, country: string): string {
  if (!/^\+?\d+$/.test(number) || number.replace('+', '').length <= SHORT) return number
  const home = isSupportedCountry(country) ? country : undefined
  const parsed = parsePhoneNumberFromString(number, home)
  if (!parsed?.isValid()) return number
  return parsed.country === home ? parsed.formatNational() : parsed.formatInternational()
}

/** Whether what somebody looks for is part of a number, whatever way either is written. */
export function holdsNumber(number: string, wanted: string): boolean {
  const digits = wanted.replace(/[\s().+-]/g, '')
  return /^\d+$/.test(digits) && number.replace(/\D/g, '').includes(digits.replace(/^0/, ''))
}

/** Amounts for people. They come and stay exact decimals as text, never binary fractions. */

const minor = new Map<string, number>()

/** How many decimals a currency has in everyday use; 2 for one that isn't known. */
export function minorDigits(currency: string): number {
  let found = minor.get(currency)
  if (found === undefined) {
    found = /^[A-Z]{3}$/.test(currency) ? (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2) : 2
    minor.set(currency, found)
  }
  return found
}

const decimals = (amount: string): string => (amount.split('.')[1] ?? '').replace(/0+$/, '')

/** How many decimals amounts that stand below each other need. */
export const mostDecimals = (amounts: readonly string[]): number => Math.max(0, ...amounts.map((amount) => decimals(amount).length))

/** `1,234.50` of `1234.500000`: thousands apart, the currency's decimals (or `digits`) at least, no needless zeros. */
export function money(amount: string, currency: string, digits = 0): string {
  const [, sign = '', whole = '0'] = /^(-?)(\d+)/.exec(amount) ?? []
  const kept = decimals(amount).padEnd(Math.max(minorDigits(currency), digits), '0')
  return `${sign && '−'}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${kept && `.${kept}`}`
}

/** The amount with its currency. */
export const priced = (amount: string, currency: string): string => `${money(amount, currency)} ${currency}`

/** Whether an amount is below zero. */
export const isNegative = (amount: string): boolean => /^-.*[1-9]/.test(amount)

/** Whether people have written an amount that the server takes: up to six decimals, negative where that is allowed. */
export const isAmount = (text: string, negative = false): boolean => (negative ? /^-?\d{1,10}(\.\d{1,6})?$/ : /^\d{1,10}(\.\d{1,6})?$/).test(text)

/** The sum of exact decimals of at most six digits. */
export function sumOf(amounts: readonly string[]): string {
  const sum = amounts.reduce((all, amount) => {
    const [whole = '0', part = ''] = amount.replace('-', '').split('.')
    const millionths = BigInt(whole + part.padEnd(6, '0'))
    return amount.startsWith('-') ? all - millionths : all + millionths
  }, 0n)
  const digits = (sum < 0n ? -sum : sum).toString().padStart(7, '0')
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

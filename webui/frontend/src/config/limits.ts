import { valueAt, type FieldErrors } from './fieldErrors'

export type Limits = Record<string, readonly [number, number]>

/** Text for a value that is missing or out of its range. */
export type RangeWords = (least: number, most: number) => string

/** What is wrong with figures; those in `optional` may be null. */
export function rangeErrors(form: object, limits: Limits, optional: readonly string[], words: RangeWords): FieldErrors {
  const wrong = Object.entries(limits).filter(([path, [least, most]]) => {
    const value = valueAt(form, path)
    if (value === null) return !optional.includes(path)
    return !Number.isInteger(value) || (value as number) < least || (value as number) > most
  })
  return Object.fromEntries(wrong.map(([path, [least, most]]) => [path, words(least, most)]))
}

import { DESCRIPTION_LENGTH, NUMBER_LENGTH, type BlockedNumber } from '@/api/blacklist'
import type { FieldErrors } from './fieldErrors'

export const emptyEntry = (): BlockedNumber => ({ number: '', direction: 'in', description: '', expires: null })

/** Characters as the server counts them: an emoji is one. */
export const lengthOf = (text: string): number => [...text].length

export interface EntryWords {
  number: string
  long: (most: number) => string
  past: string
}

/** What is wrong with an entry before the server is asked; `now` in microseconds. */
export function checkEntry(entry: BlockedNumber, now: number, words: EntryWords): FieldErrors {
  const errors: FieldErrors = {}
  if (!/\d/.test(entry.number)) errors.number = words.number
  if (lengthOf(entry.number) > NUMBER_LENGTH) errors.number = words.long(NUMBER_LENGTH)
  if (lengthOf(entry.description) > DESCRIPTION_LENGTH) errors.description = words.long(DESCRIPTION_LENGTH)
  if (entry.expires !== null && entry.expires <= now) errors.expires = words.past
  return errors
}

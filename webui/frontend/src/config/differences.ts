/** One field of a document that a change made, changed or removed; values as text. */
export interface Difference {
  field: string
  before: string
  after: string
}

const NOTHING = '–'

function leaves(value: unknown, path: string, into: Map<string, string>): Map<string, string> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) leaves(inner, path ? `${path}.${key}` : key, into)
  } else if (value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && !value.length)) {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return into
}

/** The fields in which two documents differ, in order; an empty text or list is the same as none. */
export function differences(before: unknown, after: unknown): Difference[] {
  const old = leaves(before, '', new Map())
  const now = leaves(after, '', new Map())
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => old.get(field) !== now.get(field))
    .map((field) => ({ field, before: old.get(field) || NOTHING, after: now.get(field) || NOTHING }))
}

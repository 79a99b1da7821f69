/** Messages for the fields of a form, by dotted path (`on_timeout.target`). */
export type FieldErrors = Record<string, string>

export function valueAt(form: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown> | null | undefined)?.[step], form)
}

/** What JSON holds of a value: a form apart from the one that is edited. */
export const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What was refused, and why: a message holds until its field is changed. */
export class Refusal {
  constructor(
    private readonly form: unknown,
    private readonly fields: FieldErrors,
  ) {}

  /** The message for a field, or for the first thing inside it. */
  of(path: string, now: unknown): string {
    const found = Object.keys(this.fields).find((field) => field === path || field.startsWith(`${path}.`))
    return found && same(valueAt(this.form, path), valueAt(now, path)) ? (this.fields[found] ?? '') : ''
  }

  /** Messages that belong to none of these fields. */
  others(paths: readonly string[]): string[] {
    return Object.entries(this.fields)
      .filter(([field]) => !paths.some((path) => field === path || field.startsWith(`${path}.`)))
      .map(([field, message]) => `${field}: ${message}`)
  }
}

import type { Hours, Span } from '@/api/config'
import type { FieldErrors } from './fieldErrors'

export const DAYS = [0, 1, 2, 3, 4, 5, 6] as const
export const WORKDAYS: readonly number[] = [0, 1, 2, 3, 4]
export const DAY_MINUTES = 24 * 60

export const emptyHours = (): Hours => ({ key: '', name: '', week: DAYS.map((day): Span[] => (WORKDAYS.includes(day) ? [['09:00', '18:00']] : [])), holidays: [] })

/** A time of day as people type it (9, 930, 9:30, 9：30) as `HH:MM` up to 24:00; null when it is none. */
export function parseTime(text: string): string | null {
  const digits = /^(\d{1,2})[:：.]?(\d{2})?$/.exec(text.trim()) ?? /^(\d{1,2})[:：.](\d)$/.exec(text.trim())
  if (!digits) return null
  const [hour, minute] = [Number(digits[1]), Number(digits[2] ?? 0)]
  if (minute > 59 || hour * 60 + minute > DAY_MINUTES) return null
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** Minutes since midnight of `HH:MM`; NaN for anything else. */
export function minutes(time: string): number {
  const parsed = /^(\d\d):(\d\d)$/.exec(time)
  return parsed ? Number(parsed[1]) * 60 + Number(parsed[2]) : NaN
}

export const SPAN_FLAWS = ['time', 'backwards', 'overlap'] as const
export type SpanFlaw = (typeof SPAN_FLAWS)[number]

export const sortedSpans = (spans: readonly Span[]): Span[] => [...spans].sort((a, b) => minutes(a[0]) - minutes(b[0]))

/** What is wrong with a day's spans: no time, an end before its beginning, or two at once. */
export function spanFlaw(spans: readonly Span[]): SpanFlaw | null {
  if (spans.some((span) => span.some((time) => parseTime(time) !== time))) return 'time'
  if (spans.some(([from, until]) => minutes(from) >= minutes(until))) return 'backwards'
  const inOrder = sortedSpans(spans)
  return inOrder.some((span, n) => n > 0 && minutes(span[0]) < minutes((inOrder[n - 1] as Span)[1])) ? 'overlap' : null
}

/** One more span, after the last one as far as the day goes. */
export function withSpan(spans: readonly Span[]): Span[] {
  const last = spans.at(-1)
  const from = last ? Math.min(minutes(last[1]) + 60, DAY_MINUTES - 60) || 0 : 9 * 60
  return [...spans, [asTime(from), asTime(Math.min(from + (last ? 4 : 9) * 60, DAY_MINUTES))]]
}

const asTime = (total: number): string => `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`

/** The week with one day's spans also on others. */
export const copyDay = (week: readonly Span[][], from: number, onto: readonly number[]): Span[][] =>
  week.map((spans, day) => (onto.includes(day) ? (week[from] ?? []) : spans).map(([begin, end]): Span => [begin, end]))

/** What is sent: spans and holidays in their order. */
export const tidyHours = (hours: Hours): Hours => ({
  ...hours,
  name: hours.name.trim(),
  week: hours.week.map(sortedSpans),
  holidays: [...hours.holidays].map((one) => ({ ...one, spans: sortedSpans(one.spans) })).sort((a, b) => a.date.localeCompare(b.date)),
})

export interface HoursWords {
  name: string
  date: string
  twice: string
  span: (flaw: SpanFlaw) => string
}

/** What is wrong with opening hours before the server is asked. */
export function checkHours(hours: Hours, words: HoursWords): FieldErrors {
  const errors: FieldErrors = hours.name.trim() ? {} : { name: words.name }
  const spans = (path: string, day: Span[]): void => {
    const flaw = spanFlaw(day)
    if (flaw) errors[path] = words.span(flaw)
  }
  hours.week.forEach((day, n) => spans(`week.${n}`, day))
  hours.holidays.forEach((holiday, n) => {
    spans(`holidays.${n}.spans`, holiday.spans)
    if (!holiday.name.trim()) errors[`holidays.${n}.name`] = words.name
    if (!/^\d{4}-\d\d-\d\d$/.test(holiday.date)) errors[`holidays.${n}.date`] = words.date
    else if (hours.holidays.findIndex((other) => other.date === holiday.date) !== n) errors[`holidays.${n}.date`] = words.twice
  })
  return errors
}

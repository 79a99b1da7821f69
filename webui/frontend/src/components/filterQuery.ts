import type { LocationQuery, LocationQueryRaw, LocationQueryValue } from 'vue-router'
import { day, fromWall } from '@/live/time'

/** What the filters of all lists share: how the address holds them. Times are wall times, `YYYY-MM-DD HH:mm:ss`. */

type Values = LocationQueryValue | LocationQueryValue[] | undefined

const DAY_US = 86_400_000_000
const WALL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

/** `days` whole days that end with today, in the company's time zone. */
export function lastDays(days: number, now: number, zone: string): [string, string] {
  return [`${day(now - (days - 1) * DAY_US, zone)} 00:00:00`, `${day(now, zone)} 23:59:59`]
}

export function yesterday(now: number, zone: string): [string, string] {
  const date = day(now - DAY_US, zone)
  return [`${date} 00:00:00`, `${date} 23:59:59`]
}

/** What stands once, several times or not at all. */
export const listOf = (value: Values): string[] => [value ?? []].flat().filter((one): one is string => Boolean(one))

/** Of what stands there only what is known. */
export const amongOf = <T extends string>(value: Values, known: readonly T[]): T[] => listOf(value).filter((one): one is T => (known as readonly string[]).includes(one))

/** A stretch of time under two names; null where one is missing, or isn't a time. */
export function rangeOf(query: LocationQuery, from = 'from', until = 'to'): [string, string] | null {
  const [begin, end] = [String(query[from] ?? ''), String(query[until] ?? '')]
  return WALL.test(begin) && WALL.test(end) ? [begin, end] : null
}

/** A stretch of wall times in microseconds; its last second is meant whole. */
export function momentsOf(range: [string, string], zone: string): [number, number] {
  return [fromWall(range[0], zone), fromWall(range[1], zone) + 1_000_000]
}

/** Names without what is empty. */
export function filled(query: Record<string, string | string[] | undefined>): LocationQueryRaw {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value?.length))
}

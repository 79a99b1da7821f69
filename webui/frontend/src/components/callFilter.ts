import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { DIRECTIONS, OUTCOMES, SCORES, type CallFilter, type Direction, type Score } from '@/api/calls'
import { day, fromWall } from '@/live/time'
import { countedOf, countedQuery, type CountedCalls } from '@/reports/drillDown'

/** The filters of the call list as the address holds them, so that going back and sharing a link keep them. */
export interface FilterForm {
  /** Wall times in the company's time zone, `YYYY-MM-DD HH:mm:ss`; null = any time. */
  range: [string, string] | null
  /** Empty = called in and out. */
  direction: Direction | ''
  /** Empty = recorded or not. */
  recorded: 'yes' | 'no' | ''
  queues: string[]
  agents: string[]
  outcomes: string[]
  scores: Score[]
  dispositions: string[]
  tags: string[]
  number: string
  /** Wall times at which the calls left a queue's line, as reports count them; null = any. */
  left: [string, string] | null
  /** The figure of a report whose calls are meant; queues and agents are then the report's. */
  counted?: CountedCalls | null
}

const DAY_US = 86_400_000_000

/** `days` whole days that end with today, in the company's time zone. */
export function lastDays(days: number, now: number, zone: string): [string, string] {
  return [`${day(now - (days - 1) * DAY_US, zone)} 00:00:00`, `${day(now, zone)} 23:59:59`]
}

export function yesterday(now: number, zone: string): [string, string] {
  const date = day(now - DAY_US, zone)
  return [`${date} 00:00:00`, `${date} 23:59:59`]
}

const list = (value: LocationQuery[string] | undefined): string[] => [value ?? []].flat().filter((one): one is string => Boolean(one))
const WALL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

export function fromQuery(query: LocationQuery): FilterForm {
  const [from, to] = [String(query.from ?? ''), String(query.to ?? '')]
  const [leftFrom, leftTo] = [String(query.left_from ?? ''), String(query.left_to ?? '')]
  return {
    range: WALL.test(from) && WALL.test(to) ? [from, to] : null,
    counted: countedOf(query),
    left: WALL.test(leftFrom) && WALL.test(leftTo) ? [leftFrom, leftTo] : null,
    direction: DIRECTIONS.find((one) => one === query.direction) ?? '',
    recorded: (['yes', 'no'] as const).find((one) => one === query.recorded) ?? '',
    queues: list(query.queue),
    agents: list(query.agent),
    outcomes: list(query.outcome).filter((one) => (OUTCOMES as readonly string[]).includes(one)),
    scores: SCORES.filter((score) => list(query.score).includes(String(score))),
    dispositions: list(query.disposition),
    tags: list(query.tag),
    number: String(query.number ?? ''),
  }
}

export function toQuery(form: FilterForm): LocationQueryRaw {
  const query = { from: form.range?.[0], to: form.range?.[1], direction: form.direction, recorded: form.recorded, queue: form.queues, agent: form.agents, outcome: form.outcomes, score: form.scores.map(String), disposition: form.dispositions, tag: form.tags, number: form.number.trim() || undefined, left_from: form.left?.[0], left_to: form.left?.[1] }
  return { ...Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value.length > 0)), ...countedQuery(form.counted ?? null) }
}

/** What the server is asked for; the last second is meant whole. */
export function toFilter(form: FilterForm, zone: string): CallFilter {
  return {
    from: form.range ? fromWall(form.range[0], zone) : undefined,
    until: form.range ? fromWall(form.range[1], zone) + 1_000_000 : undefined,
    direction: form.direction || undefined,
    recorded: form.recorded ? form.recorded === 'yes' : undefined,
    queues: form.queues,
    agents: form.agents,
    outcomes: form.outcomes as CallFilter['outcomes'],
    scores: form.scores,
    dispositions: form.dispositions,
    tags: form.tags,
    number: form.number,
    counted: form.counted,
    leftFrom: form.left ? fromWall(form.left[0], zone) : undefined,
    leftUntil: form.left ? fromWall(form.left[1], zone) + 1_000_000 : undefined,
  }
}

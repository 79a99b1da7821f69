import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { DIRECTIONS, OUTCOMES, SCORES, type CallFilter, type Direction, type Score } from '@/api/calls'
import { countedOf, countedQuery, type CountedCalls } from '@/reports/drillDown'
import { amongOf, filled, listOf, momentsOf, rangeOf } from './filterQuery'

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

export function fromQuery(query: LocationQuery): FilterForm {
  return {
    range: rangeOf(query),
    counted: countedOf(query),
    left: rangeOf(query, 'left_from', 'left_to'),
    direction: DIRECTIONS.find((one) => one === query.direction) ?? '',
    recorded: (['yes', 'no'] as const).find((one) => one === query.recorded) ?? '',
    queues: listOf(query.queue),
    agents: listOf(query.agent),
    outcomes: amongOf(query.outcome, OUTCOMES),
    scores: SCORES.filter((score) => listOf(query.score).includes(String(score))),
    dispositions: listOf(query.disposition),
    tags: listOf(query.tag),
    number: String(query.number ?? ''),
  }
}

export function toQuery(form: FilterForm): LocationQueryRaw {
  const query = { from: form.range?.[0], to: form.range?.[1], direction: form.direction, recorded: form.recorded, queue: form.queues, agent: form.agents, outcome: form.outcomes, score: form.scores.map(String), disposition: form.dispositions, tag: form.tags, number: form.number.trim() || undefined, left_from: form.left?.[0], left_to: form.left?.[1] }
  return { ...filled(query), ...countedQuery(form.counted ?? null) }
}

/** What the server is asked for. */
export function toFilter(form: FilterForm, zone: string): CallFilter {
  const [from, until] = form.range ? momentsOf(form.range, zone) : []
  const [leftFrom, leftUntil] = form.left ? momentsOf(form.left, zone) : []
  return {
    from,
    until,
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
    leftFrom,
    leftUntil,
  }
}

import type { CallbackRule, Destination, Queue, Survey, Way } from '@/api/config'
import { destinationErrors } from './destinations'
import type { FieldErrors } from './fieldErrors'
import { rangeErrors, type RangeWords } from './limits'

/** Smallest and greatest value of each figure of a queue, as the server has them. */
export const QUEUE_LIMITS = {
  ring_s: [5, 120],
  max_wait_s: [10, 7200],
  priority: [0, 99],
  short_abandon_s: [0, 60],
  service_level_s: [1, 600],
  max_length: [0, 1000],
  prompt_every_s: [10, 600],
  announce_after_s: [5, 600],
  announce_every_s: [20, 600],
  widen_s: [1, 3600],
} as const
export type QueueFigure = keyof typeof QUEUE_LIMITS

export const CALLBACK_LIMITS = { 'callback.ring_s': [10, 120], 'callback.tries': [1, 10], 'callback.retry_s': [60, 86400], 'callback.expires_h': [1, 168] } as const

export const SURVEY_LIMITS = { 'survey.timeout_s': [1, 30], 'survey.tries': [1, 5] } as const

export const NAME_LENGTH = 60

export const hangUp = (): Destination => ({ way: 'hang_up', target: '', prompt: '', keep_wait: false, priority: 0, caller_id: '', ring_s: null, otherwise: null })

export const emptyCallback = (): CallbackRule => ({ key: '1', prompt: '', ring_s: 30, tries: 3, retry_s: 900, expires_h: 24, number_prompt: '', confirm_prompt: '', invalid_prompt: '', refused_prompt: '' })

export const emptySurvey = (): Survey => ({ prompt: '', thanks: '', timeout_s: 5, tries: 2 })

export const emptyQueue = (): Queue => ({
  key: '',
  name: '',
  strategy: 'longest_idle',
  music: 'default',
  ring_s: 20,
  max_wait_s: null,
  priority: 0,
  short_abandon_s: 5,
  service_level_s: 20,
  max_length: null,
  on_timeout: hangUp(),
  on_full: hangUp(),
  on_empty: null,
  prompt: '',
  prompt_every_s: null,
  announce_position: false,
  announce_wait: false,
  announce_after_s: 20,
  announce_every_s: 60,
  announce_language: 'zh',
  ranks: {},
  widen_s: null,
  survey: null,
  callback: null,
  mobile_prompt: '',
  mobile_shows: null,
  agents: [],
  groups: [],
  members: [],
})

/** Everyone who would serve the queue: picked, or member of a picked group. */
export function membersOf(queue: Pick<Queue, 'agents' | 'groups'>, agents: readonly { key: string; group: string }[]): string[] {
  return agents.filter((agent) => queue.agents.includes(agent.key) || (agent.group !== '' && queue.groups.includes(agent.group))).map((agent) => agent.key)
}

/** The queue with another rank for an agent; the first is not written down. */
export function withRank(ranks: Readonly<Record<string, number>>, agent: string, rank: number): Record<string, number> {
  const others = Object.entries(ranks).filter(([key]) => key !== agent)
  return Object.fromEntries(rank > 1 ? [...others, [agent, rank]] : others)
}

/** The fields that are on screen, in the API's names. */
export const QUEUE_FIELDS = ['name', 'agents', 'groups', 'ranks', 'music', 'prompt', 'on_timeout', 'on_full', 'on_empty', 'survey', 'callback', 'mobile_prompt', 'mobile_shows', 'announce_language', ...Object.keys(QUEUE_LIMITS)]

/** What is wrong with a queue before the server is asked. */
export function checkQueue(queue: Queue, words: { name: string; range: RangeWords; target: (way: Way) => string; survey: string }): FieldErrors {
  return {
    ...(queue.name.trim() ? {} : { name: words.name }),
    ...destinationErrors(queue, ['on_timeout', 'on_full', 'on_empty'], words.target),
    ...(queue.survey && !queue.survey.prompt ? { 'survey.prompt': words.survey } : {}),
    ...(queue.callback ? rangeErrors(queue, CALLBACK_LIMITS, [], words.range) : {}),
    ...(queue.survey ? rangeErrors(queue, SURVEY_LIMITS, [], words.range) : {}),
    ...rangeErrors(queue, QUEUE_LIMITS, ['max_wait_s', 'max_length', 'prompt_every_s', 'announce_every_s', 'widen_s'], words.range),
  }
}

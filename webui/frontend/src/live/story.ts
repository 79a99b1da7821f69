import type { StoryEvent } from '@/api/calls'

/** Turns the events of a call into lines of its story. */

export type StoryKind = 'event' | 'decision' | 'command'

/** Events that are decisions of the product; all others are what happened to it. */
const DECISIONS = new Set(['call_blocked', 'call_unpaid', 'call_turned_down', 'call_routed', 'queue_entered', 'offer_made', 'queue_left', 'call_adopted', 'call_placed'])

/** A command to the switch: what it is called, and with what. */
export interface StoryCommand {
  name: string
  arguments: string
}

export interface StoryLine {
  key: string
  type: string
  kind: StoryKind
  at: number
  /** Microseconds since the call arrived, and since the line before. */
  offset: number
  gap: number
  event: StoryEvent
  commands: StoryCommand[]
}

function kindOf(type: string): StoryKind {
  if (type === 'commands_decided') return 'command'
  return DECISIONS.has(type) ? 'decision' : 'event'
}

/** Commands are written as `Name(key='value', ...)`; anything else is all name. */
export function readCommand(text: string): StoryCommand {
  const [, name, rest] = /^(\w+)\((.*)\)$/s.exec(text) ?? [undefined, text, '']
  return { name: name ?? text, arguments: rest ?? '' }
}

/** Lines in the order in which the events were written; times count from the first one. */
export function storyLines(events: readonly StoryEvent[]): StoryLine[] {
  const begin = events[0]?.at ?? 0
  return events.map((event, index) => ({
    key: `${index}-${event.type}`,
    type: event.type,
    kind: kindOf(event.type),
    at: event.at,
    offset: event.at - begin,
    gap: event.at - (events[index - 1]?.at ?? begin),
    event,
    commands: Array.isArray(event.commands) ? event.commands.map((command) => readCommand(String(command))) : [],
  }))
}

import { useI18n } from 'vue-i18n'
import type { StoryEvent } from '@/api/calls'
import { duration, exactMoment } from '@/live/time'
import { useServices } from '@/services'
import { useCoded } from './useCoded'
import { useShownNumber } from './useShownNumber'

/** Fields whose values have a text of their own, and where the texts are, the first that knows it. */
const CODED: Record<string, string[]> = {
  outcome: ['outcome'],
  result: ['offer'],
  hung_up_by: ['party'],
  state: ['callState'],
  role: ['role'],
  previous: ['state'],
  reason: ['routeReason'],
  consult: ['consultState'],
  how: ['holdEnd', 'hangupCause'],
  way: ['way'],
  mode: ['superviseMode'],
  cause: ['recordingCause', 'hangupCause', 'callState'],
  progress: ['placedStage'],
  trigger: ['occasion'],
  order: ['callbackOrder'],
}
const DURATIONS = ['wait', 'talk', 'held']

/** Fields that the line's time or its text already tell. */
const TOLD = new Set(['type', 'at', 'call', 'commands'])

/** Fields that hold a telephone number. */
const NUMBERS = new Set(['caller', 'number', 'caller_id'])

/** Ids whose names the server has put beside them. */
const NAMED = ['by', 'menu']

/** 2001-09-09 in microseconds: earlier than any call. */
const FIRST_MOMENT = 1e15

/** An agent's change that leaves the state as it was is told by its cause. */
function isKept(event: StoryEvent): boolean {
  const agent = event.agent as { state?: string } | null
  return event.type === 'agent_changed' && agent?.state === event.previous
}

/** One event of a call in a sentence, and the rest of what it holds. */
export function useStoryText() {
  const { t, te } = useI18n()
  const { names, session } = useServices()
  const numberText = useShownNumber()

  const coded = useCoded()

  function text(event: StoryEvent): string {
    const kept = `story.agent_kept.${String(event.cause)}`
    if (isKept(event)) return t(te(kept) ? kept : 'story.agent_kept.other', { ...words(event), why: coded('stateCause', event.cause) })
    if (event.type === 'commands_decided' && !te(`occasion.${String(event.trigger)}`)) return t('story.commands_unexplained')
    return te(`story.${event.type}`) ? t(`story.${event.type}`, words(event)) : event.type
  }

  function words(event: StoryEvent): Record<string, string> {
    const known: Record<string, string> = {}
    for (const [name, value] of Object.entries(event)) {
      if (CODED[name]) known[name] = coded(CODED[name], value)
      else if (DURATIONS.includes(name)) known[name] = duration(Number(value))
      else known[name] = NUMBERS.has(name) ? numberText(String(value ?? '')) : String(value ?? '')
    }
    for (const name of NAMED) known[name] = String(event[`${name}_name`] ?? event[name] ?? '')
    if (event.type === 'key_pressed') known.key = String(event.key) || t('story.noKey')
    if (event.type === 'commands_decided' && event.cause) known.trigger = t('story.because', { trigger: known.trigger ?? '', cause: known.cause ?? '' })
    return { ...known, ...destinationWords(event), queue: names.queue(event.queue as string | null), ...agentWords(event.agent), ...targetWords(event), ...serviceWords(event) }
  }

  /** Where a call is sent: a queue by its name, anything else by what it is. */
  function destinationWords(event: StoryEvent): Record<string, string> {
    if (event.type !== 'call_routed') return {}
    if (event.way === 'queue') return { destination: names.queue(String(event.target)) }
    if (event.way === 'agent') return { destination: names.agent(String(event.target)) }
    if (event.way === 'callback') return { destination: `${coded('way', event.way)} ${names.queue(String(event.target))}` }
    if (event.way === 'voicemail') return { destination: t('way.voicemail') }
    return { destination: [coded('way', event.way), String(event.target_name ?? numberText(String(event.target)))].filter(Boolean).join(' ') }
  }

  /** Whom an agent asks or hands a caller on to, by name. */
  function targetWords(event: StoryEvent): Record<string, string> {
    if (event.type === 'supervised') return { supervisor: names.agent(String(event.supervisor)) }
    if (event.type === 'consult_changed') return { asked: event.asked ? names.agent(String(event.asked)) : numberText(String(event.number)) }
    if (event.type !== 'call_transferred') return {}
    const target = String(event.target)
    if (event.way === 'queue') return { target: names.queue(target) }
    return { target: event.way === 'agent' ? names.agent(target) : numberText(target) }
  }

  /** What an agent wanted by phone, and why nothing came of it. */
  function serviceWords(event: StoryEvent): Record<string, string> {
    if (event.type !== 'agent_served') return {}
    const refused = event.refused ? ` (${coded('dialIn.refused', event.refused)})` : ''
    return { wish: coded('dialIn.wish', event.wish), refused }
  }

  /** An agent is named by its id, or given whole when its state changed. */
  function agentWords(agent: unknown): Record<string, string> {
    if (typeof agent !== 'object' || agent === null) return { agent: names.agent(agent as string | null) }
    const { id, state } = agent as { id: string; state: string }
    return { agent: names.agent(id), next: coded('state', state) }
  }

  /** What the sentence leaves out, as written down: for whoever must know exactly. */
  const details = (event: StoryEvent): [string, string][] =>
    Object.entries(event)
      .filter(([name, value]) => !TOLD.has(name) && value !== null && value !== '')
      .map(([name, value]) => [name, written(value)])

  /** Numbers this great can only be moments: durations of a call stay below. */
  const written = (value: unknown): string => {
    if (typeof value === 'number' && value > FIRST_MOMENT) return exactMoment(value, session.timezone.value)
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }

  /** What the switch was told, in words; the details have it exactly. */
  const commandText = (name: string): string => coded('command', name)

  return { text, details, commandText }
}

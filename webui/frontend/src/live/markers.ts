import type { StoryEvent } from '@/api/calls'
import type { PlayedSound } from '@/api/recordings'

/** What happened while a recording ran, placed on its waveform. */

export type MarkerKind = 'agent' | 'hold' | 'transfer' | 'pause' | 'policy'

export interface Marker {
  kind: MarkerKind
  /** Seconds from the beginning of the sound; `to` only for what lasted. */
  from: number
  to: number | null
  /** Whose mark it is. */
  agent: string | null
}

const SECOND = 1_000_000

/** The marks of a recording, in order of time; what lies outside of the sound is left out. */
export function markersOf(recording: PlayedSound, story: readonly StoryEvent[]): Marker[] {
  const begin = recording.started ?? recording.begun
  const length = (recording.ms ?? 0) / 1000
  const place = (at: number): number => (at - begin) / SECOND
  const found = [...pauses(recording, place), ...events(story, place)]
  return found.flatMap((marker) => clipped(marker, length)).sort((one, other) => one.from - other.from)
}

function pauses(recording: PlayedSound, place: (at: number) => number): Marker[] {
  return recording.pauses.map(([from, to, cause]) => ({
    kind: cause === 'policy' ? 'policy' : 'pause',
    from: place(from),
    to: place(to),
    agent: null,
  }))
}

function events(story: readonly StoryEvent[], place: (at: number) => number): Marker[] {
  const markers: Marker[] = []
  for (const event of story) {
    const agent = typeof event.agent === 'string' ? event.agent : null
    if (event.type === 'connected') markers.push({ kind: 'agent', from: place(event.at), to: null, agent })
    if (event.type === 'call_transferred') markers.push({ kind: 'transfer', from: place(event.at), to: null, agent })
    if (event.type === 'hold_ended') markers.push({ kind: 'hold', from: place(event.at - Number(event.held)), to: place(event.at), agent })
  }
  return markers
}

function clipped(marker: Marker, length: number): Marker[] {
  const to = marker.to === null ? null : Math.min(marker.to, length)
  if (marker.from > length || (to ?? marker.from) < 0) return []
  // The agent is joined some milliseconds after the recording begins, or just before the switch says so.
  return [{ ...marker, from: Math.max(0, marker.from), to }]
}

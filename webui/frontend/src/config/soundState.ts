import { isBeingMade, type Sound } from '@/api/prompts'

export const SOUND_STATES = ['in_use', 'making', 'ready', 'failed'] as const
export type SoundState = (typeof SOUND_STATES)[number]

/** What matters most about a sound: its draft, if it has one. */
export function soundState(sound: Pick<Sound, 'draft'>): SoundState {
  if (!sound.draft) return 'in_use'
  if (isBeingMade(sound.draft)) return 'making'
  return sound.draft.status === 'ready' ? 'ready' : 'failed'
}

/** Faults that may be over by now. */
const PASSING = ['engine_failed', 'engine_not_set_up', 'sound_failed']

/** What helps where making a draft failed: the same once more, or another text or file; nothing where it didn't fail. */
export function helps(draft: Sound['draft']): 'retry' | 'replace' | null {
  if (!draft?.error) return null
  return PASSING.includes(draft.error.id) ? 'retry' : 'replace'
}

/** A name for a sound made of a file: the file's, without its ending. */
export const nameOfFile = (file: string): string => file.replace(/\.[^.]+$/, '').slice(0, 100)

import type { Api } from './client'
import type { Upload } from './upload'

export const SOUND_KINDS = ['prompt', 'music'] as const
export type SoundKind = (typeof SOUND_KINDS)[number] | 'piece'
export const SPOKEN_LANGUAGES = ['zh', 'en'] as const
export type SpokenLanguage = (typeof SPOKEN_LANGUAGES)[number]
export const TEXT_LENGTH = 1000
export const SOUND_NAME_LENGTH = 100

/** One making of a sound: `ms` its length, `error` why it failed. */
export interface SoundVersion {
  number: number
  source: 'text' | 'file'
  text: string
  language: SpokenLanguage | ''
  voice: string
  file_name: string
  status: 'pending' | 'working' | 'ready' | 'failed'
  error: { id: string; message: string } | null
  ms: number
}

/** A prompt or music: `current` is what callers hear, `draft` what may replace it once published. */
export interface Sound {
  id: string
  name: string
  kind: SoundKind
  current: SoundVersion | null
  draft: SoundVersion | null
  used_by: { where: string; id: string; name: string }[]
  updated: number
}

export interface Speech {
  text: string
  language: SpokenLanguage
  voice: string
}

export interface Voices {
  language: SpokenLanguage
  voices: string[]
  error: { message: string } | null
}

/** How far a language's pieces of announcements are: how many in all, in use, being made, made, failed. */
export interface PieceProgress {
  language: SpokenLanguage
  voice: string
  total: number
  in_use: number
  waiting: number
  ready: number
  failed: number
  error: { message: string } | null
}

const at = (id: string): string => `/prompts/${encodeURIComponent(id)}`

export class Prompts {
  constructor(private readonly api: Api) {}

  async list(): Promise<Sound[]> {
    return (await this.api.get<{ items: Sound[] }>('/prompts')).items
  }

  async pieces(): Promise<Sound[]> {
    return (await this.api.get<{ items: Sound[] }>('/prompts?kind=piece')).items
  }

  async pieceProgress(): Promise<PieceProgress[]> {
    return (await this.api.get<{ items: PieceProgress[] }>('/prompts/pieces')).items
  }

  preparePieces(language: SpokenLanguage, voice: string): Promise<PieceProgress> {
    return this.api.post(`/prompts/pieces/${language}`, { voice })
  }

  publishPieces(language: SpokenLanguage): Promise<PieceProgress> {
    return this.api.post(`/prompts/pieces/${language}/publish`)
  }

  show(id: string): Promise<Sound> {
    return this.api.get(at(id))
  }

  async voices(): Promise<Voices[]> {
    return (await this.api.get<{ items: Voices[] }>('/prompts/voices')).items
  }

  speak(name: string, kind: SoundKind, speech: Speech): Promise<Sound> {
    return this.api.post('/prompts', { name, kind, ...speech })
  }

  speakAgain(id: string, speech: Speech): Promise<Sound> {
    return this.api.put(`${at(id)}/draft`, speech)
  }

  upload(send: Upload, file: File, name: string, kind: SoundKind): Promise<Sound> {
    return send('/prompts/upload', { name, kind, file })
  }

  uploadAgain(send: Upload, file: File, id: string): Promise<Sound> {
    return send(`${at(id)}/draft/upload`, { file })
  }

  rename(id: string, name: string): Promise<Sound> {
    return this.api.patch(at(id), { name })
  }

  retry(id: string): Promise<Sound> {
    return this.api.post(`${at(id)}/draft/retry`)
  }

  publish(id: string): Promise<Sound> {
    return this.api.post(`${at(id)}/publish`)
  }

  discard(id: string): Promise<void> {
    return this.api.delete(`${at(id)}/draft`)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(at(id))
  }
}

/** Where a browser finds a version; the number tells versions of the same kind apart. */
export const audioUrl = (id: string, which: 'current' | 'draft', version: SoundVersion): string => `/api/v1${at(id)}/audio?version=${which}#${version.number}`

/** The music of queues that have none of their own. */
export const DEFAULT_MUSIC_URL = '/api/v1/prompts/default-music/audio'

export const isBeingMade = (version: SoundVersion | null): boolean => version?.status === 'pending' || version?.status === 'working'

import type { Api } from './client'

export type SoundKind = 'prompt' | 'music'

/** A sound that callers hear, as far as choosing it goes. */
export interface Sound {
  key: string
  name: string
  kind: SoundKind
  status: string
  duration_ms: number
}

export class Prompts {
  constructor(private readonly api: Api) {}

  async list(): Promise<Sound[]> {
    return (await this.api.get<{ items: Sound[] }>('/prompts')).items
  }
}

/** Where a browser finds a sound to play. */
export const audioUrl = (key: string): string => `/api/v1/prompts/${encodeURIComponent(key)}/audio`

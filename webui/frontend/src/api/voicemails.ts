import type { Api } from './client'
import type { PlayedSound, RecordingLink, RecordingStatus, SoundSource } from './recordings'

/** A message in a queue's or an agent's mailbox, or with neither in the company's; times in microseconds UTC. */
export interface Voicemail {
  recording: string
  call: string
  caller: string | null
  number: string | null
  queue: string | null
  agent: string | null
  at: number
  ms: number | null
  channels: number | null
  status: RecordingStatus
  /** Null: nobody has dealt with it. */
  done_at: number | null
  done_by: string | null
  done_by_name: string | null
  note: string
}

export interface VoicemailPage {
  items: Voicemail[]
  next: string | null
  new: number
}

/** A message as the player of recordings knows sounds. */
export const soundOf = ({ recording, at, ms, channels }: Voicemail): PlayedSound => ({ recording, begun: at, started: null, ms, channels, pauses: [] })

export class Voicemails implements SoundSource {
  constructor(private readonly api: Api) {}

  /** Newest first; `done` undefined = all. */
  list(done: boolean | undefined, cursor?: string): Promise<VoicemailPage> {
    const query = new URLSearchParams()
    if (done !== undefined) query.set('done', String(done))
    if (cursor) query.set('cursor', cursor)
    return this.api.get(`/voicemails?${query}`)
  }

  async peaks(recording: string): Promise<number[][]> {
    return (await this.api.get<{ channels: number[][] }>(`${path(recording)}/peaks`)).channels
  }

  /** Written down: somebody listens. */
  link(recording: string): Promise<RecordingLink> {
    return this.api.post(`${path(recording)}/listen`)
  }

  change(recording: string, done: boolean, note: string): Promise<Voicemail> {
    return this.api.put(path(recording), { done, note })
  }

  delete(recording: string): Promise<void> {
    return this.api.delete(path(recording))
  }
}

const path = (recording: string): string => `/voicemails/${encodeURIComponent(recording)}`

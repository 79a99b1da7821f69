import type { Api } from './client'

export type RecordingStatus = 'expected' | 'missing' | 'broken' | 'stored' | 'deleting' | 'deleted'

/** `[from, to, cause]`, moments in microseconds UTC; the cause is agent or policy. */
export type Pause = [number, number, string]

/** What was recorded of a call: the customer is the left channel, the agent the right. Times in microseconds UTC. */
export interface Recording {
  recording: string
  kind: string
  call: string
  queue: string | null
  agent: string | null
  begun: number
  /** When the sound begins; null where the switch never said. */
  started: number | null
  ended: number
  status: RecordingStatus
  problem: string
  ms: number | null
  size: number | null
  channels: number | null
  sha256: string | null
  pauses: Pause[]
  held: boolean
  deleted_at: number | null
  deleted_by: string | null
  deleted_by_name: string | null
}

/** What a player needs to know of a sound. */
export type PlayedSound = Pick<Recording, 'recording' | 'begun' | 'started' | 'ms' | 'channels' | 'pauses'>

/** Where a player gets waveforms and sounds from. */
export interface SoundSource {
  /** The loudest sample (0-127) of equal parts of each channel. */
  peaks(recording: string): Promise<number[][]>
  /** Asked for when somebody begins to listen, which is written down. */
  link(recording: string, purpose: 'listen'): Promise<RecordingLink>
}

/** A link that works without a log-in until `expires` (seconds since 1970). */
export interface RecordingLink {
  url: string
  expires: number
}

export class Recordings implements SoundSource {
  constructor(private readonly api: Api) {}

  async ofCall(call: string): Promise<Recording[]> {
    return (await this.api.get<{ items: Recording[] }>(`/calls/${encodeURIComponent(call)}/recordings`)).items
  }

  async peaks(recording: string): Promise<number[][]> {
    return (await this.api.get<{ channels: number[][] }>(`${path(recording)}/peaks`)).channels
  }

  /** Both are written down: somebody listens, or downloads. */
  link(recording: string, purpose: 'listen' | 'download'): Promise<RecordingLink> {
    return this.api.post(`${path(recording)}/${purpose}`)
  }

  hold(recording: string, held: boolean): Promise<Recording> {
    return this.api.put(`${path(recording)}/hold`, { held })
  }

  delete(recording: string): Promise<void> {
    return this.api.delete(path(recording))
  }
}

const path = (recording: string): string => `/recordings/${encodeURIComponent(recording)}`

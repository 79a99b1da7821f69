import type { Api } from './client'

export type JobQueueName = 'records' | 'billing' | 'webhooks' | 'recordings' | 'speech' | 'reports' | 'maintenance'

/** `oldest_s`: how long the job next in line has waited, seconds, null = none waits. */
export interface JobQueue {
  name: JobQueueName
  waiting: number
  oldest_s: number | null
  running: number
  retrying: number
  dead: number
  workers: number
}

/** Why a job failed: each has words that say what to do. */
export type JobCause =
  | 'killed' | 'overtime' | 'database' | 'database_busy' | 'redis' | 'disk_full' | 'not_writable' | 'file_missing'
  | 'mail_settings' | 'mail_login' | 'mail_tls' | 'mail_recipient' | 'mail_sender' | 'mail_refused' | 'mail_timeout' | 'mail_connection'
  | 'other'

/** A job that failed at every try; `at` in microseconds. */
export interface DeadLetter {
  id: string
  queue: JobQueueName
  function: string
  tenant: string
  error: string
  cause: JobCause
  at: number
}

/** A job that waits for another try, due `at`, with `left` more after that; `error` is empty where its worker was killed. */
export interface RetryingJob extends DeadLetter {
  left: number
}

export interface JobBoard {
  queues: JobQueue[]
  dead: DeadLetter[]
  retrying: RetryingJob[]
}

export class Jobs {
  constructor(private readonly api: Api) {}

  board(): Promise<JobBoard> {
    return this.api.get('/jobs')
  }

  replayAll(): Promise<{ jobs: number }> {
    return this.api.post('/jobs/replay')
  }

  /** Do a dead letter again, or let a job that waits for another try have it now. */
  replay(id: string): Promise<void> {
    return this.api.post(`/jobs/${encodeURIComponent(id)}/replay`)
  }
}

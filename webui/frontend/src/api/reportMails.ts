import type { Api } from './client'
import type { Dimension, Formula, Step } from './reports'

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]

/** What is added up, as reports are asked for; empty = all. */
export interface MailedReport {
  step: Step
  by: Dimension
  queue: string[]
  agent: string[]
  group: string[]
  number: string[]
  disposition: string[]
  tag: string[]
  threshold_s: number | null
  formula: Formula
}

export interface ScheduleForm {
  name: string
  period: Period
  hour: number
  report: MailedReport
  recipients: string[]
  format: 'csv' | 'xlsx'
  language: 'zh' | 'en'
  active: boolean
}

/** Times in microseconds; `next` null = off; `last` null = none was sent yet. */
export interface Schedule extends ScheduleForm {
  id: string
  created_by_name: string | null
  next: number | null
  last: { at: number; state: 'sent' | 'waiting' | 'failed'; sent: number; waiting: number; error: string } | null
}

const PATH = '/report-schedules'
const at = (id: string): string => `${PATH}/${encodeURIComponent(id)}`

export class ReportMails {
  constructor(private readonly api: Api) {}

  list(): Promise<{ items: Schedule[]; set_up: boolean }> {
    return this.api.get(PATH)
  }

  /** `id` empty = a new one. */
  save(form: ScheduleForm, id: string): Promise<Schedule> {
    return id ? this.api.put(at(id), form) : this.api.post(PATH, form)
  }

  remove(id: string): Promise<void> {
    return this.api.delete(at(id))
  }

  send(id: string): Promise<void> {
    return this.api.post(`${at(id)}/send`)
  }
}

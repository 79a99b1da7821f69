import type { QueueRow, SeatRow } from '@/api/types'

export const seat = (id: string, changes: Partial<SeatRow> = {}): SeatRow => ({
  id,
  name: `Agent ${id}`,
  group: 'Sales',
  state: 'online',
  reason: '',
  since: 0,
  mode: 'web',
  registered: true,
  call: null,
  queue: null,
  caller: null,
  connected_in: 0,
  connected_out: 0,
  ...changes,
})

export const queue = (id: string, changes: Partial<QueueRow> = {}): QueueRow => ({
  id,
  name: `Queue ${id}`,
  waiting: 0,
  callbacks: 0,
  longest_since: null,
  ready: 0,
  connected: 0,
  abandoned: 0,
  timed_out: 0,
  short: 0,
  offered: 0,
  service_level: null,
  answer_us_average: null,
  abandonment_rate: null,
  ...changes,
})

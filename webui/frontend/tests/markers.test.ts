import { expect, test } from 'vitest'
import type { StoryEvent } from '@/api/calls'
import type { Recording } from '@/api/recordings'
import { markersOf } from '@/live/markers'

const S = 1_000_000
const recording = (pauses: Recording['pauses'] = [], started: number | null = 10 * S): Recording => ({
  recording: 'r',
  kind: 'call',
  call: 'c',
  queue: null,
  agent: 'a1',
  begun: 9 * S,
  started,
  ended: 70 * S,
  status: 'stored',
  problem: '',
  ms: 60_000,
  size: 1,
  channels: 2,
  sha256: null,
  pauses,
  held: false,
  deleted_at: null,
  deleted_by: null,
  deleted_by_name: null,
})

test('REC-1: hold, transfer, pauses and agents stand where they happened in the sound', () => {
  const story: StoryEvent[] = [
    { type: 'connected', at: 10.2 * S, agent: 'a1' },
    { type: 'hold_ended', at: 30 * S, agent: 'a1', held: 5 * S },
    { type: 'call_transferred', at: 40 * S, agent: 'a1' },
    { type: 'connected', at: 50 * S, agent: 'a2' },
  ]
  const marks = markersOf(recording([[20 * S, 22 * S, 'agent'], [41 * S, 45 * S, 'policy']]), story)
  expect(marks.map((one) => [one.kind, Math.round(one.from * 10) / 10, one.to])).toEqual([
    ['agent', 0.2, null],
    ['pause', 10, 12],
    ['hold', 15, 20],
    ['transfer', 30, null],
    ['policy', 31, 35],
    ['agent', 40, null],
  ])
})

test('REC-1: what lies before or after the sound is left out, what reaches over its ends is cut', () => {
  const story: StoryEvent[] = [
    { type: 'connected', at: 2 * S, agent: 'a1' },
    { type: 'hold_ended', at: 90 * S, agent: 'a1', held: 30 * S },
    { type: 'call_transferred', at: 95 * S, agent: 'a1' },
  ]
  const marks = markersOf(recording([[5 * S, 12 * S, 'agent']]), story)
  expect(marks.map((one) => [one.kind, one.from, one.to])).toEqual([
    ['pause', 0, 2],
    ['hold', 50, 60],
  ])
})

test('REC-1: without a word of the switch the sound counts from when it was told to record', () => {
  expect(markersOf(recording([[20 * S, 22 * S, 'agent']], null), [])[0]?.from).toBe(11)
})

import { describe, expect, it, vi } from 'vitest'
import type { SeatRow } from '@/api/types'
import type { Delta, Snapshot } from '@/live/board'
import { Channel, type Answer } from '@/live/channel'
import { seat } from './rows'

const snapshot = (sequence: number, rows: SeatRow[]): Snapshot<SeatRow> => ({ sequence, now: 0, rows })
const delta = (from: number, to: number, rows: SeatRow[] = [], removed: string[] = []): Delta<SeatRow> => ({ from, to, now: 0, rows, removed })

/** A channel whose questions are answered by hand. */
function channel() {
  const answers: ((answer: Answer<SeatRow>) => void)[] = []
  const made = new Channel<SeatRow>(() => new Promise((resolve) => answers.push(resolve)))
  const answer = async (value: Answer<SeatRow>, index = answers.length - 1): Promise<void> => {
    answers[index]?.(value)
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
  }
  made.join()
  const rows = (): Record<string, string> => Object.fromEntries(made.board.rows.value.map((row) => [row.id, row.state]))
  return { made, answers, answer, rows }
}

describe('a watched board (WALL-1)', () => {
  it('shows the snapshot, then every change that follows it', async () => {
    const { made, answer, rows } = channel()
    void made.load()
    await answer(snapshot(5, [seat('a'), seat('b')]))
    made.receive(delta(5, 7, [seat('a', { state: 'ringing' })]))
    made.receive(delta(7, 8, [seat('c')], ['b']))
    expect(rows()).toEqual({ a: 'ringing', c: 'online' })
  })

  it('keeps the object of a row that did not change, so that only changed rows are drawn again', async () => {
    const { made, answer } = channel()
    void made.load()
    await answer(snapshot(5, [seat('a'), seat('b')]))
    const [, before] = made.board.rows.value
    made.receive(delta(5, 6, [seat('a', { state: 'busy' })]))
    expect(made.board.rows.value[1]).toBe(before)
  })

  it('applies nothing after a gap and asks for the whole board again', async () => {
    const { made, answers, answer, rows } = channel()
    void made.load()
    await answer(snapshot(5, [seat('a')]))
    made.receive(delta(6, 7, [seat('a', { state: 'busy' })]))
    expect(rows()).toEqual({ a: 'online' })
    expect(answers).toHaveLength(2)
    await answer(snapshot(9, [seat('a', { state: 'break' })]))
    expect(rows()).toEqual({ a: 'break' })
  })

  it('keeps changes that overtake the snapshot and drops those that it contains', async () => {
    const { made, answers, answer, rows } = channel()
    void made.load()
    made.receive(delta(4, 5, [seat('a', { state: 'busy' })]))
    made.receive(delta(5, 6, [seat('b', { state: 'break' })]))
    await answer(snapshot(5, [seat('a'), seat('b')]))
    expect(rows()).toEqual({ a: 'online', b: 'break' })
    expect(answers).toHaveLength(1)
  })

  it('listens only to the answer to its latest question', async () => {
    const { made, answer, rows } = channel()
    void made.load()
    void made.load()
    await answer(snapshot(9, [seat('new')]), 1)
    await answer(snapshot(5, [seat('old')]), 0)
    expect(rows()).toEqual({ new: 'online' })
  })

  it('says why it was refused, and asks again', async () => {
    vi.useFakeTimers()
    const { made, answers, answer } = channel()
    void made.load()
    await answer({ error: { message: 'not now' } })
    expect(made.refusal.value).toBe('not now')
    vi.advanceTimersByTime(3000)
    expect(answers).toHaveLength(2)
    await answer(snapshot(1, []))
    expect(made.refusal.value).toBe('')
    vi.useRealTimers()
  })

  it('ignores an answer that comes when nobody watches any more', async () => {
    const { made, answer } = channel()
    void made.load()
    made.leave()
    await answer(snapshot(5, [seat('a')]))
    expect(made.board.loaded.value).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import type { Hours, Ivr, Queue, Span } from '@/api/config'
import { Refusal, valueAt } from '@/config/fieldErrors'
import { menuChoices, targetName, withWay } from '@/config/destinations'
import { checkHours, copyDay, emptyHours, parseTime, spanFlaw, tidyHours, withSpan, WORKDAYS } from '@/config/hoursForm'
import { checkQueue, emptyQueue, hangUp, membersOf } from '@/config/queueForm'
import { helps, nameOfFile, soundState } from '@/config/soundState'

const words = { name: 'name', range: (least: number, most: number): string => `${least}-${most}`, target: (way: string): string => `no ${way}`, survey: 'survey' }

describe('what the server refuses', () => {
  const form = { name: 'x', on_timeout: { way: 'queue', target: 'gone' }, week: [['a'], ['b']] }
  const refusal = new Refusal(structuredClone(form), { name: 'taken', 'on_timeout.target': 'no such queue', 'week.1': 'overlap', strange: 'odd' })

  it('is shown at its field, at the part that holds it, and nowhere else', () => {
    expect(refusal.of('name', form)).toBe('taken')
    expect(refusal.of('on_timeout', form)).toBe('no such queue')
    expect(refusal.of('week.1', form)).toBe('overlap')
    expect(refusal.of('week.0', form)).toBe('')
    expect(refusal.of('on_time', form)).toBe('')
  })

  it('disappears when its field is changed, and only there', () => {
    const mended = { ...form, name: 'y' }
    expect(refusal.of('name', mended)).toBe('')
    expect(refusal.of('on_timeout', mended)).toBe('no such queue')
  })

  it('is told on top where no field shows it', () => expect(refusal.others(['name', 'on_timeout', 'week'])).toEqual(['strange: odd']))

  it('may name what is not there', () => expect(valueAt(form, 'a.b.0')).toBeUndefined())
})

describe('the form of a queue (QUEUE-1)', () => {
  it('asks for a name and whole numbers in their ranges before the server does', () => {
    const wrong = { ...emptyQueue(), ring_s: 4, priority: 1.5, max_wait_s: 9, service_level_s: null as never }
    expect(checkQueue(wrong, words)).toEqual({ name: 'name', ring_s: '5-120', priority: '0-99', max_wait_s: '10-7200', service_level_s: '1-600' })
  })

  it('asks where a way leads that is not hanging up', () => {
    const queue: Queue = { ...emptyQueue(), name: 'x', on_timeout: withWay(hangUp(), 'menu'), on_empty: { ...hangUp(), way: 'queue', target: 'q' } }
    expect(checkQueue(queue, words)).toEqual({ 'on_timeout.target': 'no menu' })
  })

  it('takes empty limits for none', () => {
    const queue: Queue = { ...emptyQueue(), name: 'sales', max_wait_s: null, max_length: null, prompt_every_s: null }
    expect(checkQueue(queue, words)).toEqual({})
  })

  it('counts everybody once: picked, or in a picked group', () => {
    const agents = [
      { key: 'a', group: 'x' },
      { key: 'b', group: '' },
      { key: 'c', group: 'y' },
    ]
    expect(membersOf({ agents: ['a', 'b'], groups: ['x', ''] }, agents)).toEqual(['a', 'b'])
  })
})

describe('destinations', () => {
  const ivr = { key: 'i', name: 'IVR', version: null, draft: true, tree: { first: 'b', menus: [{ id: 'a', name: 'A' }, { id: 'b', name: 'B' }] } } as unknown as Ivr

  it('forget the target of another way', () => {
    expect(withWay({ ...hangUp(), way: 'queue', target: 'q', prompt: 'p', keep_wait: true }, 'hang_up')).toEqual({ ...hangUp(), prompt: 'p' })
  })

  it('offer the first menu of an IVR on top, and know what was never published', () => {
    expect(menuChoices([ivr])[0]?.menus).toEqual([
      { target: 'i.b', name: 'B', published: false },
      { target: 'i.a', name: 'A', published: false },
    ])
  })

  it('are called by name, and by key once that is gone', () => {
    const name = (way: 'queue' | 'menu' | 'agent', target: string): string => targetName({ ...hangUp(), way, target }, [{ ...emptyQueue(), key: 'q', name: 'Q' }], menuChoices([ivr]), (id) => `Agent ${id}`)
    expect([name('queue', 'q'), name('queue', 'gone'), name('menu', 'i.a'), name('menu', 'gone'), name('agent', 'a1')]).toEqual(['Q', 'gone', 'IVR · A', 'gone', 'Agent a1'])
  })
})

describe('opening hours (IVR-1)', () => {
  it.each([
    ['9', '09:00'],
    ['930', '09:30'],
    ['9:5', '09:05'],
    ['9：30', '09:30'],
    [' 18.15 ', '18:15'],
    ['24', '24:00'],
    ['2400', '24:00'],
    ['24:01', null],
    ['9:60', null],
    ['', null],
    ['noon', null],
  ])('take %j as %j', (typed, time) => expect(parseTime(typed)).toBe(time))

  const spans = (...all: string[]): Span[] => all.map((one) => one.split('-') as Span)

  it('refuse an end before its beginning, two spans at once, and what is no time', () => {
    expect(spanFlaw(spans('09:00-12:00', '12:00-18:00'))).toBeNull()
    expect(spanFlaw(spans('13:00-18:00', '09:00-12:00'))).toBeNull()
    expect(spanFlaw(spans('09:00-09:00'))).toBe('backwards')
    expect(spanFlaw(spans('09:00-12:00', '11:59-18:00'))).toBe('overlap')
    expect(spanFlaw(spans('9-12:00'))).toBe('time')
    expect(spanFlaw([])).toBeNull()
  })

  it('propose the next span after the last, within the day', () => {
    expect(withSpan([])).toEqual(spans('09:00-18:00'))
    expect(withSpan(spans('09:00-12:00')).at(-1)).toEqual(['13:00', '17:00'])
    expect(withSpan(spans('09:00-22:30')).at(-1)).toEqual(['23:00', '24:00'])
  })

  it('copy a day without tying the days together', () => {
    const week = copyDay(emptyHours().week, 6, WORKDAYS)
    expect(week.map((day) => day.length)).toEqual([0, 0, 0, 0, 0, 0, 0])
    const full = copyDay(emptyHours().week, 0, [6])
    expect(full[6]).toEqual(full[0])
    expect(full[6]?.[0]).not.toBe(full[0]?.[0])
  })

  it('point at the day and the holiday that are wrong', () => {
    const hours: Hours = {
      ...emptyHours(),
      week: [spans('10:00-09:00'), [], [], [], [], [], []],
      holidays: [
        { date: '2026-10-01', name: ' ', spans: [] },
        { date: '2026-10-01', name: 'x', spans: [] },
        { date: '', name: 'y', spans: spans('1-2') },
      ],
    }
    const errors = checkHours(hours, { name: 'name', date: 'date', twice: 'twice', span: (flaw) => flaw })
    expect(errors).toEqual({ name: 'name', 'week.0': 'backwards', 'holidays.0.name': 'name', 'holidays.1.date': 'twice', 'holidays.2.date': 'date', 'holidays.2.spans': 'time' })
  })

  it('are sent in order', () => {
    const tidy = tidyHours({ ...emptyHours(), name: ' x ', week: [spans('13:00-14:00', '09:00-10:00')], holidays: ['2026-10-02', '2026-10-01'].map((date) => ({ date, name: '', spans: [] })) })
    expect([tidy.name, tidy.week[0]?.[0]?.[0], tidy.holidays[0]?.date]).toEqual(['x', '09:00', '2026-10-01'])
  })
})

describe('prompts and music (TTS-1)', () => {
  const draft = (status: string): Parameters<typeof soundState>[0] => ({ draft: { status } as never })

  it('show how far their draft is', () => {
    expect([{ draft: null }, draft('pending'), draft('working'), draft('ready'), draft('failed')].map(soundState)).toEqual(['in_use', 'making', 'making', 'ready', 'failed'])
  })

  it('says what helps where it failed: once more, or another text or file (TTS-1)', () => {
    const failed = (id: string): Parameters<typeof helps>[0] => ({ error: { id, message: '' } }) as never
    expect([failed('engine_failed'), failed('engine_not_set_up'), failed('not_audio'), failed('silent_sound'), null].map(helps)).toEqual(['retry', 'retry', 'replace', 'replace', null])
  })

  it('are called like their file', () => expect(nameOfFile('欢迎语.v2.mp3')).toBe('欢迎语.v2'))
})

import { describe, expect, it } from 'vitest'
import type { Figures, Report } from '@/api/reports'
import { plotted, seriesOf, shown } from '@/reports/figures'
import { fromQuery, toFilter, toQuery } from '@/reports/reportForm'

const figures = (more: Partial<Figures> = {}): Figures => ({
  offered: 0, connected: 0, abandoned: 0, short: 0, timed_out: 0, other: 0, within: 0, repeated: 0, talk_us: 0, wrap_up_us: 0,
  service_level: null, speed_of_answer_us: null, handle_time_us: null, abandonment_rate: null, occupancy: null, repeat_rate: null,
  ...more,
})
const NOW = Date.parse('2026-11-23T04:00:00Z') * 1000

describe('reports (REP-1)', () => {
  it('show rates as percent, durations as time, and a dash where there is nothing to divide by', () => {
    const some = figures({ offered: 1200, service_level: 0.8766, speed_of_answer_us: 12_400_000 })
    expect([shown(some, 'service_level'), shown(some, 'speed_of_answer_us'), shown(some, 'occupancy')]).toEqual(['87.7%', '0:12', '–'])
    expect([plotted(some, 'service_level'), plotted(some, 'speed_of_answer_us'), plotted(undefined, 'offered'), plotted(undefined, 'occupancy')]).toEqual([87.7, 12, 0, null])
  })

  it('draw a line a key over every stretch of time, the busiest first', () => {
    const line = (at: number, key: string, offered: number) => ({ at, key, name: key.toUpperCase(), figures: figures({ offered }) })
    const report: Report = { lines: [line(1, 'a', 1), line(2, 'b', 9), line(2, 'a', 2)], total: figures(), steps: [1, 2, 3], formula: 'offered', threshold_s: null }
    expect(seriesOf(report, 'offered')).toEqual([{ name: 'B', values: [0, 9, 0] }, { name: 'A', values: [1, 2, 0] }])
  })

  it('keep their choices in the address, and ignore one that was tampered with', () => {
    const form = fromQuery({}, NOW, 'Asia/Shanghai')
    expect(form).toMatchObject({ range: ['2026-11-17 00:00:00', '2026-11-23 23:59:59'], step: 'day', by: 'queue', threshold: null, formula: 'offered' })
    const chosen = { ...form, step: 'hour', by: 'agent', threshold: 30, queues: ['q1'], formula: 'connected' } as const
    expect(fromQuery(toQuery({ ...chosen, queues: ['q1'], agents: [], dispositions: [], tags: ['vip'] }) as never, NOW, 'Asia/Shanghai')).toEqual({ ...chosen, tags: ['vip'] })
    expect(fromQuery({ step: 'decade', by: '<b>', threshold: '-1', from: 'x' }, NOW, 'Asia/Shanghai')).toEqual(form)
    expect(toFilter(form, 'Asia/Shanghai').until).toBe(Date.parse('2026-11-23T16:00:00Z') * 1000)
  })
})

import { describe, expect, it } from 'vitest'
import { AVERAGES, COUNTED, RATES, type Counted, type Figures, type Report } from '@/api/reports'
import { fromQuery as callsFromQuery, toFilter as callsToFilter } from '@/components/callFilter'
import { callsOf, statesOf } from '@/reports/drillDown'
import { behind, FIGURE_GROUPS, plotted, seriesOf, shown } from '@/reports/figures'
import { fromQuery, toFilter, toQuery } from '@/reports/reportForm'

const figures = (more: Partial<Figures> = {}): Figures => ({
  ...(Object.fromEntries(COUNTED.map((name) => [name, 0])) as Record<Counted, number>),
  ...(Object.fromEntries([...RATES, ...AVERAGES, 'score'].map((name) => [name, null])) as Omit<Figures, Counted>),
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
    expect(fromQuery({ by: 'agent' }, NOW, 'Asia/Shanghai').shows).toEqual(['talks', 'out', 'survey'])
    expect(toQuery({ ...form, shows: ['out'] }).show).toEqual(['out'])
    expect(toFilter(form, 'Asia/Shanghai').until).toBe(Date.parse('2026-11-23T16:00:00Z') * 1000)
  })

  it('lead from each figure to the calls that it counts, to the microsecond, and nowhere from nought', () => {
    const some = figures({ offered: 3, within: 2, service_level: 0.67, handled: 4, handle_time_us: 60_000_000, scored: 1, score: 4.5 })
    expect([behind(some, 'offered'), behind(some, 'service_level'), behind(some, 'handle_time_us'), behind(some, 'score')]).toEqual(['offered', 'within', 'handled', 'scored'])
    expect([behind(some, 'abandoned'), behind(some, 'abandonment_rate'), behind(some, 'occupancy')]).toEqual([null, null, null])
    const form = { ...fromQuery({ by: 'agent' }, NOW, 'Asia/Shanghai'), queues: ['q1'], tags: ['vip'], threshold: 30 }
    const wanted = callsToFilter(callsFromQuery(callsOf(form, 'within', 'a1', 1_000, 2_000) as never), 'Asia/Shanghai')
    expect(wanted.counted).toEqual({ figure: 'within', by: 'agent', key: 'a1', from: 1_000, until: 2_000, threshold: 30 })
    expect([wanted.queues, wanted.tags]).toEqual([['q1'], ['vip']])
    expect(callsFromQuery({ figure: 'offered', figure_from: '5', figure_until: 'x' }).counted).toBeNull()
  })

  it('lead from occupancy to the state log of that agent and time', () => {
    const form = { ...fromQuery({ by: 'agent' }, NOW, 'Asia/Shanghai'), agents: ['a1', 'a2'] }
    const [from, until] = [Date.parse('2026-11-22T16:00:00Z') * 1000, Date.parse('2026-11-23T16:00:00Z') * 1000]
    expect(statesOf(form, 'a2', from, until, 'Asia/Shanghai')).toEqual({ from: '2026-11-23 00:00:00', to: '2026-11-23 23:59:59', agent: ['a2'], state: ['in_call', 'wrap_up', 'online', 'ringing'] })
    expect(statesOf(form, '', from, until, 'Asia/Shanghai')?.agent).toEqual(['a1', 'a2'])
    expect(statesOf({ ...form, by: 'group' }, 'early', from, until, 'Asia/Shanghai')).toBeNull()
  })

  it('show every figure in exactly one group', () => {
    const all = Object.values(FIGURE_GROUPS).flat()
    expect(new Set(all).size).toBe(all.length)
    expect(shown(figures({ score: 4.256 }), 'score')).toBe('4.26')
  })
})

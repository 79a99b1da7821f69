import { AVERAGES, COUNTS, RATES, type Counted, type Figures, type Report, type ReportLine } from '@/api/reports'
import { duration } from '@/live/time'

export type FigureName = (typeof COUNTS)[number] | (typeof RATES)[number] | (typeof AVERAGES)[number] | 'score'

/** Figures by what they are about, as the page shows and hides them. */
export const FIGURE_GROUPS = {
  lines: ['offered', 'connected', 'abandoned', 'short', 'timed_out', 'called_back', 'callback_failed', 'other', 'service_level', 'speed_of_answer_us', 'abandonment_rate', 'repeat_rate'],
  talks: ['handled', 'direct', 'handle_time_us', 'talk_time_us', 'hold_time_us', 'wrap_up_time_us', 'occupancy'],
  out: ['placed', 'reached', 'reach_rate', 'out_handle_time_us'],
  survey: ['asked', 'scored', 'answered_share', 'score'],
  elsewhere: ['forwarded', 'messages'],
} as const satisfies Record<string, readonly FigureName[]>
export type FigureGroup = keyof typeof FIGURE_GROUPS
export const GROUP_NAMES = Object.keys(FIGURE_GROUPS) as FigureGroup[]

/** The calls that a figure is about: of a share its part, of an average what it is the average of. */
const ABOUT: Partial<Record<FigureName, Counted>> = {
  service_level: 'within',
  speed_of_answer_us: 'connected',
  abandonment_rate: 'abandoned',
  repeat_rate: 'repeated',
  handle_time_us: 'handled',
  talk_time_us: 'handled',
  hold_time_us: 'handled',
  wrap_up_time_us: 'handled',
  reach_rate: 'reached',
  out_handle_time_us: 'reached',
  answered_share: 'scored',
  score: 'scored',
}

export const isCount = (name: FigureName): name is (typeof COUNTS)[number] => (COUNTS as readonly string[]).includes(name)
const isDuration = (name: FigureName): boolean => (AVERAGES as readonly string[]).includes(name)

/** Which calls to look at for a figure; null where there is no call behind it. */
export function behind(figures: Figures, name: FigureName): Counted | null {
  const counted = isCount(name) ? name : ABOUT[name]
  return counted && figures[counted] ? counted : null
}

/** A figure as people read it; a dash where nothing was there to divide by. */
export function shown(figures: Figures, name: FigureName): string {
  const value = figures[name]
  if (value === null) return '–'
  if (isDuration(name)) return duration(value)
  if (name === 'score') return value.toFixed(2)
  return isCount(name) ? value.toLocaleString() : `${(value * 100).toFixed(1)}%`
}

/** A figure as a chart draws it: percent, seconds, points, or calls. */
export function plotted(figures: Figures | undefined, name: FigureName): number | null {
  const value = figures?.[name] ?? null
  if (value === null) return isCount(name) ? 0 : null
  if (isDuration(name)) return Math.round(value / 1_000_000)
  if (name === 'score') return Math.round(value * 100) / 100
  return isCount(name) ? value : Math.round(value * 1000) / 10
}

/** A plotted value as the table has it, on the axis and beside the pointer. */
export function written(name: FigureName, value: number): string {
  if (isDuration(name)) return duration(value * 1_000_000)
  return isCount(name) || name === 'score' ? value.toLocaleString() : `${value.toLocaleString()}%`
}

export interface Series {
  name: string
  values: (number | null)[]
}

/** One line a key over all stretches of time, those with the most calls first. */
export function seriesOf(report: Report, name: FigureName, most = 8): Series[] {
  const keys = new Map<string, ReportLine[]>()
  for (const line of report.lines) keys.set(line.key, [...(keys.get(line.key) ?? []), line])
  const weight = (lines: ReportLine[]): number => lines.reduce((sum, line) => sum + line.figures.offered + line.figures.handled + line.figures.placed, 0)
  return [...keys.values()]
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, most)
    .map((lines) => {
      const byTime = new Map(lines.map((line) => [line.at, line.figures]))
      return { name: lines[0]?.name ?? '', values: report.steps.map((at) => plotted(byTime.get(at), name)) }
    })
}

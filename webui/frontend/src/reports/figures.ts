import type { Figures, Report, ReportLine } from '@/api/reports'
import { duration } from '@/live/time'

export const COUNTS = ['offered', 'connected', 'abandoned', 'short', 'timed_out', 'other'] as const
export const FIGURES = ['service_level', 'abandonment_rate', 'speed_of_answer_us', 'handle_time_us', 'occupancy', 'repeat_rate'] as const
export type FigureName = (typeof COUNTS)[number] | (typeof FIGURES)[number]

const DURATIONS: readonly FigureName[] = ['speed_of_answer_us', 'handle_time_us']
const RATES: readonly FigureName[] = ['service_level', 'abandonment_rate', 'occupancy', 'repeat_rate']

/** A figure as people read it; a dash where nothing was there to divide by. */
export function shown(figures: Figures, name: FigureName): string {
  const value = figures[name]
  if (value === null) return '–'
  if (DURATIONS.includes(name)) return duration(value)
  return RATES.includes(name) ? `${(value * 100).toFixed(1)}%` : value.toLocaleString()
}

/** A figure as a chart draws it: percent, seconds, or calls. */
export function plotted(figures: Figures | undefined, name: FigureName): number | null {
  const value = figures?.[name] ?? null
  if (value === null) return (COUNTS as readonly string[]).includes(name) ? 0 : null
  if (DURATIONS.includes(name)) return Math.round(value / 1_000_000)
  return RATES.includes(name) ? Math.round(value * 1000) / 10 : value
}

export interface Series {
  name: string
  values: (number | null)[]
}

/** One line a key over all stretches of time, those with the most calls first. */
export function seriesOf(report: Report, name: FigureName, most = 8): Series[] {
  const keys = new Map<string, ReportLine[]>()
  for (const line of report.lines) keys.set(line.key, [...(keys.get(line.key) ?? []), line])
  const weight = (lines: ReportLine[]): number => lines.reduce((sum, line) => sum + line.figures.offered, 0)
  return [...keys.values()]
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, most)
    .map((lines) => {
      const byTime = new Map(lines.map((line) => [line.at, line.figures]))
      return { name: lines[0]?.name ?? '', values: report.steps.map((at) => plotted(byTime.get(at), name)) }
    })
}

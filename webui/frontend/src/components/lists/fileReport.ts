import type { Fate, ImportReport } from '@/api/entryList'

/** What became of a file: of all of it, and of each line that something is to be said of. */
export interface FileReport {
  /** Nothing was refused. */
  good: boolean
  /** The page's rows are others now. */
  changed: boolean
  summary: string
  lines: FileLine[]
}

export interface FileLine {
  line: number
  written: string
  fate: Fate
  text: string
}

/** Tell of a file that was added to a list; lines that need a look come first. */
export function reportOf(report: ImportReport, summary: string, fateText: (fate: Fate) => string): FileReport {
  const lines = report.lines.map(({ line, number, name, result, reason }) => ({ line, written: number ?? name ?? '', fate: result, text: `${fateText(result)} ${reason}` }))
  lines.sort((a, b) => Number(a.fate !== 'refused') - Number(b.fate !== 'refused') || a.line - b.line)
  return { good: !report.refused, changed: report.added > 0, summary, lines }
}

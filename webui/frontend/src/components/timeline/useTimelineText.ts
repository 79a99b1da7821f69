import { useI18n } from 'vue-i18n'
import type { BarKind, Lane, Mark, MarkKind } from '@/live/timeline'
import { clockTime, duration } from '@/live/time'
import { useServices } from '@/services'
import { useStoryText } from '../useStoryText'
import { useShownNumber } from '@/components/useShownNumber'

/** A bar or a mark with its words. */
export interface Piece {
  key: string
  lane: Lane
  kind: BarKind | MarkKind
  from: number
  to: number
  /** A mark's letter; empty for a bar. */
  glyph: string
  /** What a bar says where there is room, and where there is little. */
  inside: string
  short: string
  title: string
  time: string
  note: string
  /** All of it, for who can't see the picture. */
  label: string
  begin: string
  over: string
  length: string
  what: string
}

const GLYPHS: Record<MarkKind, string> = { key: '#', route: '→', transfer: '⇄', supervised: '◉', promise: '↩', score: '★', refused: '!', hung_up: '✕' }

/** The words of a call's picture. */
export function useTimelineText() {
  const { t, te } = useI18n()
  const { names, session } = useServices()
  const numberText = useShownNumber()
  const { text } = useStoryText()
  const at = (us: number): string => clockTime(us, session.timezone.value)

  function laneName(lane: Lane): string {
    if (lane.kind === 'queue') return names.queue(lane.id)
    return lane.kind === 'agent' ? names.agent(lane.id) : numberText(lane.id)
  }

  const owner = (lane: Lane): string => laneName(lane) || t(`timeline.lane.${lane.kind}`)

  function ofBar(lane: Lane, place: number): Piece {
    const bar = lane.bars[place] as Lane['bars'][number]
    const [what, length] = [t(`timeline.bar.${bar.kind}`), duration(bar.to - bar.from)]
    const note = bar.end && te(bar.end) ? t(bar.end) : ''
    const time = t('timeline.span', { from: at(bar.from), to: at(bar.to), length })
    const title = `${owner(lane)} · ${what}`
    return { key: `${lane.key}-b${place}`, lane, kind: bar.kind, from: bar.from, to: bar.to, glyph: '', inside: `${what} ${length}`, short: length, title, time, note, label: [title, time, note].filter(Boolean).join(', '), begin: at(bar.from), over: at(bar.to), length, what }
  }

  function glyph({ kind, event }: Mark): string {
    if (kind === 'key') return String(event.key || '–')
    return kind === 'score' ? String(event.score) : GLYPHS[kind]
  }

  function ofMark(lane: Lane, place: number): Piece {
    const mark = lane.marks[place] as Mark
    const hungUp = mark.kind === 'hung_up' && mark.event.hung_up_by !== 'system'
    const [what, begin] = [hungUp ? t('timeline.hungUp', { who: owner(lane) }) : text(mark.event), at(mark.at)]
    return { key: `${lane.key}-m${place}`, lane, kind: mark.kind, from: mark.at, to: mark.at, glyph: glyph(mark), inside: '', short: '', title: what, time: begin, note: '', label: `${what}, ${begin}`, begin, over: '', length: '', what }
  }

  /** Bars first, so that marks are drawn above them; each in the order of time. */
  function pieces(lane: Lane): Piece[] {
    return [...lane.bars.map((_, place) => ofBar(lane, place)), ...lane.marks.map((_, place) => ofMark(lane, place))]
  }

  return { laneName, pieces }
}

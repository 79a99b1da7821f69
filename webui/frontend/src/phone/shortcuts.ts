/** The keys of every act on a call, of the own state (on every page) and of the call form's notes: Alt and a letter, wherever the focus is on the desk (WEB-1). */
export const SHORTCUTS = {
  answer: 'A',
  hangUp: 'H',
  mute: 'M',
  keypad: 'K',
  hold: 'O',
  resume: 'O',
  transfer: 'T',
  consult: 'C',
  complete: 'X',
  conference: 'W',
  return: 'R',
  finish: 'Q',
  state: 'S',
  notes: 'N',
} as const

export type Shortcut = keyof typeof SHORTCUTS

/** How a shortcut is written on its button. */
export const shown = (act: Shortcut): string => `Alt+${SHORTCUTS[act]}`

/** Which of the acts a key press means; undefined for every other key. The keyboard's layout doesn't matter. */
export function pressed<Act extends Shortcut>(event: KeyboardEvent, acts: readonly Act[]): Act | undefined {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return undefined
  return acts.find((act) => event.code === `Key${SHORTCUTS[act]}`)
}

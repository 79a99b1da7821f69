import type { Colleague } from '@/api/types'

/** Why a colleague can't be reached: the state, or no device though online; null for who is ready. */
export type Hindrance = Exclude<Colleague['state'], 'online'> | 'no_device'

export const hindrance = ({ ready, state }: Colleague): Hindrance | null => (ready ? null : state === 'online' ? 'no_device' : state)

const collator = new Intl.Collator(['zh', 'en'], { numeric: true })

/** Whom a call can go to, except oneself: those who are ready first, then by name; `text` is a part of name or group. */
export function choices(all: readonly Colleague[], own: string, text: string): Colleague[] {
  const wanted = text.trim().toLowerCase()
  return all
    .filter((one) => one.id !== own && [one.name, one.group].some((value) => value.toLowerCase().includes(wanted)))
    .sort((a, b) => Number(b.ready) - Number(a.ready) || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

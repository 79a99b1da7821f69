import type { Destination, Ivr, Menu, Queue } from '@/api/config'
import type { FieldErrors } from './fieldErrors'

/** Menus that can be chosen, by IVR. */
export interface MenuGroup {
  name: string
  menus: { target: string; name: string; published: boolean }[]
}

/** The menus of all IVRs as others name them; the first one leads. */
export function menuChoices(ivrs: readonly Ivr[]): MenuGroup[] {
  return ivrs.map((ivr) => ({
    name: ivr.name,
    menus: firstOnTop(ivr).map((menu) => ({ target: `${ivr.key}.${menu.id}`, name: menu.name, published: ivr.version !== null })),
  }))
}

const firstOnTop = ({ tree }: Ivr): Menu[] => [...tree.menus].sort((a, b) => Number(b.id === tree.first) - Number(a.id === tree.first))

/** What a destination's target is called; its key where nothing has it (any more). */
export function targetName(destination: Destination, queues: readonly Queue[], menus: readonly MenuGroup[], agent: (id: string) => string): string {
  const { way, target } = destination
  if (way === 'agent') return agent(target)
  if (way === 'voicemail') return mailboxName(target, queues, agent)
  if (way === 'queue' || way === 'callback') return queues.find((queue) => queue.key === target)?.name ?? target
  const group = menus.find((one) => one.menus.some((menu) => menu.target === target))
  const menu = group?.menus.find((one) => one.target === target)
  return menu && group ? `${group.name} · ${menu.name}` : target
}

/** Ways that lead to one place only, in which nobody waits. */
const NOWHERE_ELSE: readonly Destination['way'][] = ['hang_up', 'service']

/** Whose mailbox a voicemail's target names; empty for the company's. */
export function mailboxName(target: string, queues: readonly Pick<Queue, 'key' | 'name'>[], agent: (id: string) => string): string {
  const [kind, ...rest] = target.split(':')
  const name = rest.join(':')
  if (kind === 'agent') return agent(name)
  return queues.find((queue) => queue.key === name)?.name ?? name
}

/** Another way: a target of the old way means nothing there. */
export const withWay = (destination: Destination, way: Destination['way']): Destination => ({
  way,
  target: '',
  prompt: destination.prompt,
  keep_wait: way === 'queue' && destination.keep_wait,
  priority: NOWHERE_ELSE.includes(way) ? 0 : destination.priority,
  caller_id: '',
  ring_s: null,
  otherwise: null,
})

/** Ways that lead to nothing yet, also where calls go that come to nothing. */
const openEnds = (field: string, to: Destination | null): [string, Destination][] => [
  ...(to && !NOWHERE_ELSE.includes(to.way) && to.way !== 'voicemail' && !to.target ? [[field, to] as [string, Destination]] : []),
  ...(to?.otherwise ? openEnds(`${field}.otherwise`, to.otherwise) : []),
]

/** What is wrong with destinations before the server is asked: a way that leads to nothing yet. */
export function destinationErrors<F extends string>(form: Record<F, Destination | null>, fields: readonly F[], words: (way: Destination['way']) => string): FieldErrors {
  const open = fields.flatMap((field) => openEnds(field, form[field]))
  return Object.fromEntries(open.map(([field, to]) => [`${field}.target`, words(to.way)]))
}

import { IncomingMessage, type ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import type { Destination, Hours, Ivr, Menu, MenuProblem, MenuTree, OwnedNumber, Queue } from '../src/api/config'

/** The settings of the made-up backend: kept in memory, with the checks that show how refusals look. */

type Reply = { status: number; body?: unknown }
type Item = { key: string; name: string }

const ok = (body: unknown): Reply => ({ status: 200, body })
const fail = (status: number, id: string, message: string, fields: Record<string, string> = {}): Reply => ({ status, body: { error: { id, message, fields } } })
const missing = fail(404, 'not_found', 'There is nothing here by that name.')

const to = (way: Destination['way'], target = '', prompt = ''): Destination => ({ way, target, prompt, keep_wait: false, priority: 0, caller_id: '', ring_s: null, otherwise: null })

function queue(key: string, name: string, change: Partial<Queue> = {}): Queue {
  return {
    key, name, strategy: 'longest_idle', music: 'default', ring_s: 20, max_wait_s: 120, priority: 0, short_abandon_s: 5, service_level_s: 20, max_length: null,
    on_timeout: to('hang_up'), on_full: to('hang_up'), on_empty: null, prompt: '', prompt_every_s: null, ranks: {}, widen_s: null, announce_position: false, announce_wait: false, announce_after_s: 20, announce_every_s: 60, announce_language: 'zh', survey: null, callback: null, mobile_prompt: '', mobile_shows: null, agents: [], groups: [], members: [], ...change,
  } // prettier-ignore
}

const menu = (id: string, name: string, keys: Record<string, Destination>): Menu => ({ id, name, prompt: 'welcome', keys, timeout_s: 5, tries: 3, invalid_prompt: '', otherwise: to('hang_up') })
const workday: [string, string][] = [['09:00', '12:00'], ['13:30', '18:00']] // prettier-ignore

const NAMES = ['王伟', '李娜', '张敏', '刘静', '陈丽', '杨强', '黄磊', '赵军', '吴洋', '周勇', '徐艳', '孙杰']
const agents = NAMES.map((name, n) => ({ key: `a${n}`, name, group: ['售前一组', '售后服务', '技术支持', ''][n % 4] ?? '', mode: 'web', device: `10${n}`, mobile: '' }))

const queues = new Map<string, Item>(
  [
    queue('sales', '售前咨询', { groups: ['售前一组'], strategy: 'round_robin', on_timeout: to('queue', 'service', 'busy'), prompt: 'wait', prompt_every_s: 30 }),
    queue('service', '售后服务', { groups: ['售后服务'], agents: ['a0', 'a2'], max_length: 50 }),
    queue('vip', '大客户专线', { agents: ['a1'], priority: 50, max_wait_s: null }),
  ].map((one) => [one.key, one]),
)
const hours = new Map<string, Item>(
  ([{ key: 'office', name: '工作时间', week: [...Array<typeof workday>(5).fill(workday), [['10:00', '16:00']], []], holidays: [{ date: '2026-10-01', name: '国庆节', spans: [] }] }] as Hours[]).map((one) => [one.key, one]),
)
const tree: MenuTree = {
  first: 'main',
  menus: [menu('main', '主菜单', { '1': to('queue', 'sales'), '2': to('menu', 'service'), '0': to('queue', 'vip') }), menu('service', '售后菜单', { '1': to('queue', 'service'), '*': to('menu', 'main') })],
}
const ivrs = new Map<string, Item>(([{ key: 'reception', name: '总机', tree, draft: false, version: 2 }] as Ivr[]).map((one) => [one.key, one]))
const versions = [
  { version: 2, at: Date.now() * 1000 - 86_400_000_000, by: 'u1', by_name: '陈晓明' },
  { version: 1, at: Date.now() * 1000 - 9 * 86_400_000_000, by: 'u1', by_name: '陈晓明' },
]
const numbers: OwnedNumber[] = [
  { number: '4008001234', trunk: 'pstn', route: to('menu', 'reception.main'), hours: 'office', closed: to('hang_up', '', 'closed'), holiday: to('hang_up', '', 'closed'), priority: 0 },
  { number: '02166668888', trunk: 'pstn', route: to('queue', 'vip'), hours: '', closed: to('hang_up'), holiday: to('hang_up'), priority: 50 },
]
const collections: Record<string, Map<string, Item>> = { queues, hours, ivrs }

export function mockConfiguration(): Plugin {
  return {
    name: 'mock-configuration',
    configureServer(server) {
      server.middlewares.use('/api/v1/config', (request, response) => void answer(request, response))
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = (chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {}) as Item
  const [area = '', key = '', action = ''] = (request.url ?? '/').slice(1).split('/').map(decodeURIComponent)
  const reply = route(request.method ?? 'GET', area, key, action, body)
  response.writeHead(reply.status, { 'Content-Type': 'application/json' })
  response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
}

function route(method: string, area: string, key: string, action: string, body: Item): Reply {
  if (area === 'agents') return ok({ items: agents })
  if (area === 'groups') return ok({ items: [...new Set(agents.map((agent) => agent.group).filter(Boolean))] })
  if (area === 'numbers') return method === 'PUT' ? setNumber(body as unknown as OwnedNumber) : ok({ items: numbers })
  const items = collections[area]
  if (!items) return missing
  if (action) return ivrAction(items.get(key) as unknown as Ivr, action, body)
  if (method === 'POST') return write(area, items, { ...body, key: `k${items.size + 1}` })
  if (!key) return ok({ items: [...items.values()] })
  if (!items.has(key)) return missing
  if (method === 'PUT') return write(area, items, body)
  return method === 'DELETE' ? remove(items, key) : ok(items.get(key))
}

function write(area: string, items: Map<string, Item>, item: Item): Reply {
  if ([...items.values()].some((other) => other.name === item.name && other.key !== item.key)) return fail(422, 'invalid', 'Something is wrong.', { name: 'This name is taken.' })
  const queue = item as unknown as Queue
  if (area === 'queues' && queue.on_timeout.way !== 'hang_up' && !queue.on_timeout.target) return fail(422, 'invalid', 'Something is wrong.', { 'on_timeout.target': 'There is no such queue.' })
  if (area === 'queues') queue.members = agents.filter((one) => queue.agents.includes(one.key) || queue.groups.includes(one.group)).map((one) => one.key)
  if (area === 'ivrs') Object.assign(item, { draft: true, version: (items.get(item.key) as Ivr | undefined)?.version ?? null })
  items.set(item.key, item)
  return ok(item)
}

function remove(items: Map<string, Item>, key: string): Reply {
  const rest = JSON.stringify([[...queues.values(), ...ivrs.values()].filter((one) => one.key !== key), numbers])
  if (rest.includes(`"${key}"`) || rest.includes(`"${key}.`)) return fail(409, 'in_use', 'In use by number 4008001234. Send its calls elsewhere first.')
  items.delete(key)
  return { status: 204 }
}

function setNumber(number: OwnedNumber): Reply {
  numbers.splice(numbers.findIndex((one) => one.number === number.number), 1, number)
  return ok(number)
}

function ivrAction(ivr: Ivr, action: string, body: unknown): Reply {
  if (action === 'check') return ok({ problems: problems((body as { tree: MenuTree }).tree) })
  if (action === 'versions') return ok({ items: ivr.version ? versions.map((one) => ({ ...one, in_force: one.version === ivr.version })) : [] })
  if (problems(ivr.tree).length && action === 'publish') return fail(422, 'invalid', 'Mend what is wrong in the menus first.')
  versions.unshift({ version: (versions[0]?.version ?? 0) + 1, at: Date.now() * 1000, by: 'u1', by_name: '陈晓明' })
  Object.assign(ivr, { draft: false, version: versions[0]?.version })
  return ok(ivr)
}

function problems(tree: MenuTree): MenuProblem[] {
  return tree.menus.flatMap((one) => {
    const found: MenuProblem[] = []
    if (!one.prompt) found.push({ menu: one.id, key: '', id: 'no_prompt', message: 'Choose a prompt: callers would hear nothing.' })
    if (!Object.keys(one.keys).length) found.push({ menu: one.id, key: '', id: 'no_keys', message: 'Give at least one key something to do.' })
    for (const [key, there] of Object.entries(one.keys)) if (there.way !== 'hang_up' && !there.target) found.push({ menu: one.id, key, id: 'unknown_menu', message: 'Choose where this key leads.' })
    return found
  })
}

import type { Plugin } from 'vite'
import type { BlacklistEntry } from '../src/api/blacklist'

/** A blacklist of the made-up backend, to be looked at; changes are answered as if they were made. */

const DAY = 86_400_000_000
const now = Date.now() * 1000
const entry = (n: number, change: Partial<BlacklistEntry>): BlacklistEntry => ({
  id: String(n), number: `138 0013 80${10 + n}`, entry: `+861380013 80${10 + n}`, direction: 'in', description: '', expires: null, created: now - n * DAY, created_by: 'u1', created_by_name: '陈晓明', hits: n * 3, last_hit: n ? now - n * DAY : null, ...change,
}) // prettier-ignore
const entries = [entry(0, { description: '骚扰电话' }), entry(1, { direction: 'both', expires: now + 9 * DAY }), entry(2, { direction: 'out', expires: now - DAY, description: '客户要求不再致电' }), entry(3, { number: '0400*', description: '推销号段' })]
const report = { added: 1, duplicates: 1, refused: 1, skipped: 0, lines: [{ line: 2, number: '13800138000', result: 'added', reason: '' }, { line: 3, number: '13800138010', result: 'duplicate', reason: '' }, { line: 4, number: 'abc', result: 'refused', reason: 'This is no number.' }] } // prettier-ignore

export function mockBlacklist(): Plugin {
  return {
    name: 'mock-blacklist',
    configureServer(server) {
      server.middlewares.use('/api/v1/blacklist', (request, response) => {
        const url = new URL(request.url ?? '/', 'http://mock')
        const search = url.searchParams.get('search') ?? ''
        const items = entries.filter((one) => (one.number + one.description).includes(search) && [one.direction, null].includes(url.searchParams.get('direction') as never))
        const body = url.pathname === '/import' ? report : request.method === 'GET' ? { items, next: null } : entries[0]
        response.writeHead(200, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify(body))
      })
    },
  }
}

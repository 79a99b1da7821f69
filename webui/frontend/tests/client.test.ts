import { describe, expect, it, vi } from 'vitest'
import { Api, ApiError, queryString } from '@/api/client'
import { Calls, type Score } from '@/api/calls'
import { fromQuery, toFilter, toQuery } from '@/components/callFilter'
import { Session } from '@/session/session'

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status })

function make(answer: () => Promise<Response>) {
  const loggedOut = vi.fn()
  const fetch = vi.fn(answer)
  return { api: new Api({ language: () => 'zh-CN', unreachable: () => 'unreachable', loggedOut, fetch: fetch as never }), loggedOut, fetch }
}

describe('a request', () => {
  it('fails with the id, message and fields that the server gives', async () => {
    const { api } = make(async () => json(409, { error: { id: 'agent_engaged', message: 'in a call', fields: { state: 'no' } } }))
    const failure = await api.post('/agents/a/state', {}).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({ status: 409, id: 'agent_engaged', message: 'in a call', fields: { state: 'no' } })
  })

  it('still has a message when the answer is no JSON, or when there is none', async () => {
    const broken = make(async () => new Response('<html>', { status: 502 }))
    await expect(broken.api.get('/x')).rejects.toMatchObject({ id: 'http_502' })
    const silent = make(() => Promise.reject(new TypeError('network')))
    await expect(silent.api.get('/x')).rejects.toMatchObject({ id: 'unreachable', message: 'unreachable' })
  })

  it('tells when the login has ended, but not when a log-in is refused', async () => {
    const { api, loggedOut } = make(async () => json(401, { error: { id: 'not_logged_in', message: '' } }))
    await api.post('/session', {}).catch(() => undefined)
    expect(loggedOut).not.toHaveBeenCalled()
    await api.get('/calls').catch(() => undefined)
    expect(loggedOut).toHaveBeenCalledOnce()
  })

  it('asks for messages in the language of the page', async () => {
    const { api, fetch } = make(async () => json(200, {}))
    await api.get('/session')
    expect((fetch.mock.calls as unknown[][])[0]?.[1]).toMatchObject({ headers: { 'Accept-Language': 'zh-CN' } })
  })

  it('leaves empty filters out and repeats lists', () => {
    expect(queryString({ a: '', b: null, c: undefined, d: ['x', 'y'], e: 0 })).toBe('?d=x&d=y&e=0')
  })
})

describe('the session', () => {
  it('does not end because the server cannot be asked', async () => {
    const answers = [async () => json(200, { session: { user: { id: '1' }, tenant: null, permissions: [] } }), () => Promise.reject(new TypeError()), async () => json(200, { session: null })]
    const { api } = make(() => (answers.shift() as () => Promise<Response>)())
    const session = new Session(api)
    await session.ready()
    expect(await session.holds()).toBe(true)
    expect(await session.holds()).toBe(false)
  })
})

describe('call records (CDR-1)', () => {
  it('that do not exist are no error: a call in progress has none yet', async () => {
    const { api } = make(async () => json(404, { error: { id: 'not_found', message: '' } }))
    expect(await new Calls(api).show('x')).toBeNull()
  })

  it('are filtered by what the address says, in the time zone of the company, the last second whole', () => {
    const form = { range: ['2026-03-09 00:00:00', '2026-03-09 23:59:59'] as [string, string], direction: 'out' as const, recorded: 'yes' as const, queues: ['q1'], agents: [], outcomes: ['abandoned'], scores: [5, 1] as Score[], dispositions: ['sold'], tags: ['vip'], number: ' 138 ', left: ['2026-03-09 10:00:00', '2026-03-09 10:59:59'] as [string, string], counted: null }
    const back = fromQuery(toQuery(form) as never)
    expect(back).toEqual({ ...form, number: '138' })
    const filter = toFilter(back, 'Asia/Shanghai')
    const times = ['2026-03-08T16:00:00Z', '2026-03-09T16:00:00Z', '2026-03-09T02:00:00Z', '2026-03-09T03:00:00Z']
    expect([filter.direction, filter.recorded]).toEqual(['out', true])
    expect([filter.from, filter.until, filter.leftFrom, filter.leftUntil]).toEqual(times.map((text) => Date.parse(text) * 1000))
  })

  it('ignore an address that was tampered with', () => {
    expect(fromQuery({ from: '<script>', to: '1', outcome: 'nonsense', score: ['0', '6', 'x'] })).toEqual({ range: null, direction: '', recorded: '', queues: [], agents: [], outcomes: [], scores: [], dispositions: [], tags: [], number: '', left: null, counted: null })
  })
})

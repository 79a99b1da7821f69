import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h, ref, type App } from 'vue'
import { Api } from '@/api/client'
import type { ScreenPop } from '@/api/forms'
import { useCallForm } from '@/desk/useCallForm'
import { makeI18n } from '@/i18n'
import { SERVICES, type Services } from '@/services'

const pop = { call: 'c1', form: null } as unknown as ScreenPop
const kept = (body: string, closed: number | null) => new Response(JSON.stringify({ ...(JSON.parse(body) as object), agent: 'a1', disposition_name: '', saved: 1, closed }))
let app: App | undefined

/** The form of a call, and what the server was asked. */
function open(answer: (path: string, body: string) => Response) {
  const asked: [string, string][] = []
  const fetch = ((path: string, init: RequestInit) => {
    asked.push([`${init.method} ${path}`, String(init.body)])
    return Promise.resolve(answer(path, String(init.body)))
  }) as typeof globalThis.fetch
  const api = new Api({ language: () => 'en', unreachable: () => 'Unreachable', loggedOut: () => undefined, fetch })
  const opened = { form: null as unknown as ReturnType<typeof useCallForm> }
  const page = defineComponent(() => {
    opened.form = useCallForm(ref(pop))
    return () => h('p')
  })
  app = createApp(page).use(makeI18n('en'))
  app.provide(SERVICES, { api } as unknown as Services)
  app.mount(document.createElement('div'))
  return { asked, ...opened.form }
}

const SAVE = 'PUT /api/v1/calls/c1/forms/me'

describe('the call form (WEB-2)', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    app?.unmount()
    app = undefined
    vi.useRealTimers()
  })

  it('is kept a moment after the last key, once', async () => {
    const { form, asked, keeping } = open((_, body) => kept(body, null))
    form.value.notes = 'a'
    await vi.advanceTimersByTimeAsync(500)
    form.value.notes = 'ab'
    await vi.advanceTimersByTimeAsync(999)
    expect(asked).toEqual([])
    expect(keeping.value).toBe('typing')
    await vi.advanceTimersByTimeAsync(2)
    expect(asked.map(([what, body]) => [what, (JSON.parse(body) as { notes: string }).notes])).toEqual([[SAVE, 'ab']])
    expect(keeping.value).toBe('kept')
  })

  it('is tried again when the server fails, not when it refuses', async () => {
    let status = 503
    const { form, asked, problem } = open((_, body) => (status === 200 ? kept(body, null) : new Response(JSON.stringify({ error: { id: 'x', message: 'No.', fields: {} } }), { status })))
    form.value.notes = 'a'
    await vi.advanceTimersByTimeAsync(1001)
    expect(problem.value).toBe('No.')
    status = 422
    await vi.advanceTimersByTimeAsync(3001)
    expect(asked.length).toBe(2)
    await vi.advanceTimersByTimeAsync(9000)
    expect(asked.length).toBe(2)
    status = 200
    form.value.notes = 'b'
    await vi.advanceTimersByTimeAsync(1001)
    expect([asked.length, problem.value]).toEqual([3, ''])
  })

  it('sends what is not kept yet when the call goes, and nothing after it was closed', async () => {
    const first = open((_, body) => kept(body, null))
    first.form.value.tags = ['vip']
    await vi.advanceTimersByTimeAsync(0)
    app?.unmount()
    await vi.advanceTimersByTimeAsync(0)
    expect(first.asked.map(([what]) => what)).toEqual([SAVE])
    const second = open((_, body) => kept(body, 1))
    second.form.value.notes = 'done'
    const closing = second.close({ state: 'break', reason: 'lunch' })
    await vi.advanceTimersByTimeAsync(0)
    expect(await closing).toBe(true)
    app?.unmount()
    app = undefined
    await vi.advanceTimersByTimeAsync(5000)
    expect(second.asked.map(([what]) => what)).toEqual(['POST /api/v1/calls/c1/forms/me/close'])
    expect(JSON.parse(second.asked[0]?.[1] ?? '')).toMatchObject({ notes: 'done', then: { state: 'break', reason: 'lunch' } })
  })
})

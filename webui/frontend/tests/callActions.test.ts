import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp, nextTick, ref, type App } from 'vue'
import { Api } from '@/api/client'
import type { Colleague, OwnSeat } from '@/api/types'
import CallActions from '@/components/phone/CallActions.vue'
import { makeI18n } from '@/i18n'
import { Board } from '@/live/board'
import { choices, hindrance } from '@/live/colleagues'
import { SERVICES, type Services } from '@/services'
import { seat } from './rows'

const own: OwnSeat = {
  row: seat('a1', { state: 'in_call', call: 'c1' }),
  chosen: 'online',
  due: null,
  call: { id: 'c1', caller: '1', caller_name: '', number: '2', arrived: 1, queue: 'q', entered: 1, connected: 2, held: null, consult: null },
  page: '',
}
const refusal = { error: { id: 'call_not_ready', message: 'The call is not ready for it.', fields: {} } }
const colleague = (id: string, changes: Partial<Colleague>): Colleague => ({ id, name: id, group: 'Sales', state: 'online', ready: false, ...changes })
const colleagues = new Board<Colleague>()
let app: App

function show(answer: () => Response) {
  const asked = vi.fn<typeof fetch>(() => Promise.resolve(answer()))
  const api = new Api({ language: () => 'en', unreachable: () => '', loggedOut: () => undefined, fetch: asked })
  const place = document.body.appendChild(document.createElement('div'))
  app = createApp(CallActions, { own }).use(makeI18n('en'))
  const feed = { colleagues: { board: colleagues, refusal: ref('') }, watch: vi.fn(), release: vi.fn() }
  app.provide(SERVICES, { api, feed, names: { queues: ref([]) } } as unknown as Services)
  app.mount(place)
  const button = (text: string) => [...place.querySelectorAll('button')].find((one) => one.textContent?.trim() === text)
  return { asked, feed, place, button }
}

describe("the buttons of the present call (WEB-1)", () => {
  afterEach(() => {
    app.unmount()
    document.body.replaceChildren()
  })

  it('ask the server, and wait for its answer', async () => {
    const { asked, button } = show(() => new Response('{}'))
    button('Hold')?.click()
    await nextTick()
    expect(asked.mock.lastCall?.[0]).toBe('/api/v1/calls/c1/hold')
    expect(button('Hold')?.disabled).toBe(true)
    await vi.waitFor(() => expect(button('Hold')?.disabled).toBe(false))
  })

  it("show a refusal in the server's words", async () => {
    const { button } = show(() => new Response(JSON.stringify(refusal), { status: 409 }))
    button('Hold')?.click()
    await vi.waitFor(() => expect(document.body.textContent).toContain(refusal.error.message))
  })

  it('ask for a queue before a transfer', async () => {
    const { asked, place, button } = show(() => new Response('{}'))
    button('Transfer')?.click()
    await nextTick()
    expect(place.querySelector('form')?.textContent).toContain('Ahead of those who called later')
    expect(place.querySelector<HTMLButtonElement>('form [type=submit]')?.disabled).toBe(true)
    expect(asked).not.toHaveBeenCalled()
  })

  it('can send the caller to an agent, and says how many can be reached', async () => {
    colleagues.load({ sequence: 1, now: 1, rows: [colleague('a1', { ready: true }), colleague('a2', { ready: true }), colleague('a3', {})] })
    const { place, button, feed } = show(() => new Response('{}'))
    button('Transfer')?.click()
    await nextTick()
    place.querySelectorAll<HTMLInputElement>('.el-segmented input')[1]?.click()
    await nextTick()
    expect(place.textContent).toContain('Choose an agent')
    expect(place.querySelector('form')?.textContent).not.toContain('Ahead of those who called later')
    expect(feed.watch).toHaveBeenCalledWith('colleagues')
    expect(place.textContent).toContain('1 of 2 can be reached now')
    colleagues.advance({ from: 1, to: 2, now: 2, rows: [colleague('a2', { state: 'break' })], removed: [] })
    await nextTick()
    expect(place.textContent).toContain('Nobody can be reached now')
  })

  it('lists who is ready first, never oneself, and tells what keeps the others', () => {
    const all = [colleague('a1', {}), colleague('b', { state: 'in_call' }), colleague('c', {}), colleague('d', { ready: true, group: 'West' })]
    expect(choices(all, 'a1', '').map(({ id }) => id)).toEqual(['d', 'b', 'c'])
    expect(choices(all, 'a1', 'wes').map(({ id }) => id)).toEqual(['d'])
    expect(all.map(hindrance)).toEqual(['no_device', 'in_call', 'no_device', null])
  })

  it.each([
    ['Transfer', 'transfer'],
    ['Consult', 'consult'],
  ])('%s to a number outside', async (text, act) => {
    const { asked, place, button } = show(() => new Response('{}'))
    button(text)?.click()
    await nextTick()
    ;[...place.querySelectorAll<HTMLInputElement>('.el-segmented input')].at(-1)?.click()
    await nextTick()
    const number = place.querySelector<HTMLInputElement>('input[type=tel]')
    if (!number) throw new Error('there is nowhere to type a number')
    number.value = ' 139 0000 1111 '
    number.dispatchEvent(new Event('input'))
    await nextTick()
    place.querySelector<HTMLButtonElement>('form [type=submit]')?.click()
    await vi.waitFor(() => expect(asked).toHaveBeenCalled())
    expect(asked.mock.lastCall?.[0]).toBe(`/api/v1/calls/c1/${act}`)
    expect(JSON.parse(String(asked.mock.lastCall?.[1]?.body))).toEqual({ way: 'number', target: '139 0000 1111' })
  })
})

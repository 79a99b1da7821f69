import { afterEach, describe, expect, it } from 'vitest'
import { createApp, ref, type App } from 'vue'
import type { StoryEvent } from '@/api/calls'
import CallStory from '@/components/CallStory.vue'
import { makeI18n, type Locale } from '@/i18n'
import { SERVICES, type Services } from '@/services'

const AT = 1_700_000_000_000_000
const names = { agent: (id: unknown) => String(id ?? ''), queue: (id: unknown) => String(id ?? '') }
let app: App

/** The sentences of a story, without what their details hold. */
function told(locale: Locale, ...events: Record<string, unknown>[]): string[] {
  app = createApp(CallStory, { events: events.map((event) => ({ at: AT, call: 'c', ...event })) as unknown as StoryEvent[] }).use(makeI18n(locale))
  app.provide(SERVICES, { session: { timezone: ref('UTC'), country: ref('CN') }, names } as unknown as Services)
  app.mount(document.body.appendChild(document.createElement('div')))
  return [...document.querySelectorAll('summary > span:nth-of-type(2)')].map((sentence) => sentence.textContent ?? '')
}

afterEach(() => {
  app.unmount()
  document.body.replaceChildren()
})

describe('the story of a call (OPS-1)', () => {
  it('says in words why the switch was told something', () => {
    const agents = { type: 'commands_decided', trigger: 'agent_not_reached', cause: 'USER_BUSY', commands: [] }
    expect(told('zh', agents, { type: 'commands_decided', trigger: 'due', cause: 'waiting', commands: [] })).toEqual(['向交换机发出指令（客服未接听：忙）', '向交换机发出指令（时间已到：排队中）'])
  })

  it('says in words why a leg ended, a customer was not reached and a hold was over', () => {
    const sentences = told('zh', { type: 'leg_ended', role: 'consult', cause: 'ORIGINATOR_CANCEL' }, { type: 'callback_missed', number: '10086', cause: 'NO_ANSWER' }, { type: 'hold_ended', held: 5_000_000, how: 'RING_TIME' })
    expect(sentences.join('')).not.toMatch(/[A-Za-z]/)
  })

  it('leaves out an occasion that was written before it had words', () => {
    expect(told('zh', { type: 'commands_decided', trigger: 'agent leg parked', commands: [] })).toEqual(['向交换机发出指令'])
  })

  it('names people and menus where the server knows their names', () => {
    const sentences = told('en', { type: 'callback_ordered', by: '7', by_name: 'Ann', order: 'next' }, { type: 'key_pressed', menu: 'desk.main', menu_name: 'Main menu', key: '1' }, { type: 'call_routed', way: 'menu', target: 'desk.more', target_name: 'More', reason: 'key' })
    expect(sentences).toEqual(['Ordered by Ann: to be called back first', 'Key in menu “Main menu”: 1', 'Sent to menu More (key)'])
  })

  it('tells an agent that only changed in something else by what changed it', () => {
    expect(told('en', { type: 'agent_changed', agent: { id: 'a1', state: 'online' }, previous: 'online', cause: 'pin_wrong' })[0]).not.toContain('agent_changed')
  })
})

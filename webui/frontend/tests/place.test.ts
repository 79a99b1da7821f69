import { createApp, h, nextTick, ref, shallowRef, type App } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { beforeEach, describe, expect, it } from 'vitest'
import { usePlace } from '@/components/usePlace'

/** Pages of a list, 100 px each; a view of 100 px, as jsdom gives no sizes. */
const PAGE = 100

describe('the place in a list (CDR-1, REP-1)', () => {
  let app: App
  let box: HTMLElement | null
  let pages: number
  let grown: () => Promise<void>

  const list = {
    setup() {
      const place = ref<HTMLElement | null>(null)
      const rows = shallowRef<number[]>([])
      const more = async (): Promise<void> => {
        rows.value = [...rows.value, rows.value.length]
        await nextTick()
      }
      grown = more
      usePlace(place, () => rows.value, () => rows.value.length < pages && (void Promise.resolve().then(more), true))
      return () =>
        h('div', {
          ref: (element) => {
            place.value = box = element as HTMLElement | null
            if (!box) return
            Object.defineProperty(box, 'clientHeight', { value: PAGE, configurable: true })
            Object.defineProperty(box, 'scrollHeight', { get: () => rows.value.length * PAGE, configurable: true })
          },
        })
    },
  }

  beforeEach(async () => {
    document.body.replaceChildren(document.createElement('main'))
    pages = 5
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/list', component: list }, { path: '/one', component: { render: () => h('p') } }] })
    app = createApp({ render: () => h(RouterView) })
    app.use(router)
    await router.push('/list')
    app.mount('main')
    await router.isReady()
    await nextTick()
  })

  const go = async (path: string): Promise<void> => {
    await app.config.globalProperties.$router.push(path)
    await nextTick()
  }

  it('is found again, with the pages that it needs, and forgotten then', async () => {
    await grown()
    if (box) box.scrollTop = 250
    await go('/one')
    await go('/list')
    expect(box?.scrollTop).toBe(0)
    await grown()
    await expect.poll(() => box?.scrollTop).toBe(250)
    expect(box?.scrollHeight).toBe(400)
    if (box) box.scrollTop = 0
    await grown()
    expect(box?.scrollTop).toBe(0)
  })

  it('is as far as there is, where the list has become shorter', async () => {
    await grown()
    if (box) box.scrollTop = 450
    await go('/one')
    pages = 1
    await go('/list')
    await grown()
    expect(box?.scrollTop).toBe(450)
    expect(box?.scrollHeight).toBe(100)
  })
})

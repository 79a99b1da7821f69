import { createApp, h, nextTick, ref } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FEW, useRowsInView } from '@/components/useRowsInView'

describe('the rows of a long table that are in view (REP-1)', () => {
  beforeEach(() => vi.stubGlobal('ResizeObserver', class { observe(): void {} disconnect(): void {} }))
  afterEach(() => vi.unstubAllGlobals())

  /** A table of so many rows inside what scrolls; jsdom gives no sizes, so these are set. */
  async function shown(count: number) {
    const scroller = document.createElement('div')
    scroller.className = 'scroll'
    Object.defineProperty(scroller, 'clientHeight', { value: 340 })
    const table = ref<HTMLElement | null>(null)
    const made: ReturnType<typeof useRowsInView>[] = []
    const app = createApp({
      setup() {
        made.push(useRowsInView(table, () => count))
        return () => h('table', { ref: table })
      },
    })
    document.body.append(scroller)
    app.mount(scroller)
    await nextTick()
    const [view] = made
    if (!view) throw new Error('nothing was set up')
    return { scroller, view }
  }

  it('is all of a short one', async () => {
    const { view } = await shown(FEW)
    expect([view.many.value, view.first.value, view.last.value, view.before.value, view.after.value]).toEqual([false, 0, FEW, 0, 0])
  })

  it('is a few dozen of ten thousand, with the room of all others around them', async () => {
    const { scroller, view } = await shown(10_000)
    expect([view.first.value, view.last.value]).toEqual([0, 30])
    scroller.scrollTop = 5_000 * 34
    scroller.dispatchEvent(new Event('scroll'))
    expect([view.first.value, view.last.value]).toEqual([4_980, 5_030])
    expect(view.before.value + view.after.value + 50 * 34).toBe(10_000 * 34)
  })
})

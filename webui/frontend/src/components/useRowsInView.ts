import { computed, onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Tables of fewer rows are drawn whole: the browser can then search them and fit their columns. */
export const FEW = 200

/** Rows drawn above and below the view, so that quick scrolling shows no gaps. */
const SPARE = 20

/** Which rows of a long table are in view: it scrolls inside the next `.scroll` around `table`, all rows of one height. */
export function useRowsInView(table: Ref<HTMLElement | null>, count: () => number) {
  const top = ref(0)
  const visible = ref(800)
  const height = ref(34)
  const many = computed(() => count() > FEW)
  const first = computed(() => (many.value ? Math.min(count(), Math.max(0, Math.floor(top.value / height.value) - SPARE)) : 0))
  const last = computed(() => (many.value ? Math.min(count(), Math.ceil((top.value + visible.value) / height.value) + SPARE) : count()))
  let scroller: HTMLElement | null = null

  function look(): void {
    if (!scroller) return
    top.value = scroller.scrollTop
    visible.value = scroller.clientHeight
    height.value = table.value?.querySelector<HTMLElement>('tbody tr[aria-rowindex]')?.offsetHeight || height.value
  }
  const observer = new ResizeObserver(look)

  onMounted(() => {
    scroller = table.value?.closest<HTMLElement>('.scroll') ?? null
    scroller?.addEventListener('scroll', look, { passive: true })
    if (scroller) observer.observe(scroller)
    look()
  })
  onBeforeUnmount(() => {
    scroller?.removeEventListener('scroll', look)
    observer.disconnect()
  })

  /** The room (pixels) of the rows that are not drawn, before and after those that are. */
  const before = computed(() => first.value * height.value)
  const after = computed(() => (count() - last.value) * height.value)
  return { many, first, last, before, after }
}

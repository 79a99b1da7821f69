import { watch, type Ref } from 'vue'
import { onBeforeRouteLeave, useRoute } from 'vue-router'

/** How far lists were scrolled (px) when they were left, by their place in the browser's history. */
const left = new Map<string, number>()

/**
 * Whoever comes back to a list finds it where it was left.
 *
 * `content` is what the list is made of: each change may bring the rows that are still missing, which `grow` asks for;
 * false when there are no more.
 */
export function usePlace(list: Readonly<Ref<HTMLElement | null>>, content: () => unknown, grow: () => boolean = () => false): void {
  const { position = 0 } = (history.state ?? {}) as { position?: number }
  const key = (path: string): string => `${position} ${path}`
  const mine = key(useRoute().fullPath)
  let wanted = left.get(mine)
  left.delete(mine)

  onBeforeRouteLeave((_, from) => {
    if (list.value) left.set(key(from.fullPath), list.value.scrollTop)
  })
  watch(
    content,
    () => {
      const place = list.value
      if (wanted === undefined || !place) return
      if (place.scrollHeight - place.clientHeight < wanted && grow()) return
      place.scrollTop = wanted
      wanted = undefined
    },
    { flush: 'post' },
  )
}

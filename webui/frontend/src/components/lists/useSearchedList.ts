import { computed, onBeforeUnmount, reactive, ref, watch } from 'vue'
import type { Query } from '@/api/client'
import { usePagedList, type PageOf } from '@/components/usePagedList'

const AFTER_MS = 300

/** A list page by page, searched a moment after typing, at once when another of its filters changes. */
export function useSearchedList<Row>(read: (query: Query, cursor: string | null, signal: AbortSignal) => Promise<PageOf<Row>>, others: () => Record<string, string> = () => ({})) {
  const search = ref('')
  const pages = usePagedList<Row, Query>(read)
  const filtered = computed(() => [search.value.trim(), ...Object.values(others())].some(Boolean))
  let timer: ReturnType<typeof setTimeout> | undefined

  function load(): Promise<void> {
    clearTimeout(timer)
    return pages.search({ search: search.value.trim(), ...others() })
  }

  watch(others, () => void load(), { immediate: true, deep: true })
  watch(search, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), AFTER_MS)
  })
  onBeforeUnmount(() => clearTimeout(timer))
  const { rows, next, busy, error, searched, more } = pages
  return reactive({ rows, next, busy, error, searched, search, filtered, load, more })
}

import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/client'

export interface PageOf<Row> {
  items: Row[]
  /** Cursor of the page after this, if there is one. */
  next: string | null
}

/** A list that grows page by page; a new search drops the answer to the one before. */
export function usePagedList<Row, Filter>(read: (filter: Filter, cursor: string | null, signal: AbortSignal) => Promise<PageOf<Row>>) {
  const { t } = useI18n()
  const rows = shallowRef<readonly Row[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const error = ref('')
  const searched = ref(false)
  let current: Filter | undefined
  let running: AbortController | undefined

  async function search(filter: Filter): Promise<void> {
    current = filter
    await load(null, (items) => items)
    searched.value = true
  }

  /** The next page, if there is one and none is on its way. */
  async function more(): Promise<void> {
    if (next.value && !busy.value) await load(next.value, (items) => [...rows.value, ...items])
  }

  async function load(cursor: string | null, place: (items: Row[]) => Row[]): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    busy.value = true
    error.value = ''
    try {
      const page = await read(current as Filter, cursor, mine.signal)
      rows.value = place(page.items)
      next.value = page.next
    } catch (failure) {
      if (mine.signal.aborted) return
      error.value = failure instanceof ApiError ? failure.message : t('error.unreachable')
    } finally {
      if (running === mine) busy.value = false
    }
  }

  onBeforeUnmount(() => running?.abort())
  return { rows, next, busy, error, searched, search, more }
}

import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { Calls, type CallFilter, type CallRecord } from '@/api/calls'
import { ApiError } from '@/api/client'
import { useServices } from '@/services'

/** A list of calls that grows page by page; a new search drops the answer to the one before. */
export function useCallList() {
  const { t } = useI18n()
  const { api } = useServices()
  const calls = new Calls(api)
  const rows = shallowRef<readonly CallRecord[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const error = ref('')
  const searched = ref(false)
  let current: CallFilter | undefined
  let running: AbortController | undefined

  async function search(filter: CallFilter): Promise<void> {
    current = filter
    await load(null, (items) => items)
    searched.value = true
  }

  /** The next page, if there is one and none is on its way. */
  async function more(): Promise<void> {
    if (next.value && !busy.value) await load(next.value, (items) => [...rows.value, ...items])
  }

  async function load(cursor: string | null, place: (items: CallRecord[]) => CallRecord[]): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    busy.value = true
    error.value = ''
    try {
      const page = await calls.list(current as CallFilter, cursor, mine.signal)
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

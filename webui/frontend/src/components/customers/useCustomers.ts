import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import { Customers, type Customer } from '@/api/customers'
import { useServices } from '@/services'

const AFTER_MS = 300

/** The list page by page, searched a moment after typing; answers to older searches are dropped. */
export function useCustomers() {
  const customers = new Customers(useServices().api)
  const search = ref('')
  const rows = shallowRef<Customer[] | null>(null)
  const next = ref<string | null>(null)
  const failure = ref('')
  const filtered = computed(() => search.value.trim() !== '')
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(cursor: string | null): Promise<void> {
    turn += 1
    const mine = turn
    failure.value = ''
    try {
      const page = await customers.list(search.value, cursor)
      if (mine !== turn) return
      rows.value = cursor ? [...(rows.value ?? []), ...page.items] : page.items
      next.value = page.next
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (mine === turn) failure.value = error.message
    }
  }

  const load = (): Promise<void> => read(null)
  const more = (): Promise<void> => read(next.value)
  void load()
  watch(search, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), AFTER_MS)
  })
  onBeforeUnmount(() => clearTimeout(timer))
  return { customers, search, rows, next, failure, filtered, load, more }
}

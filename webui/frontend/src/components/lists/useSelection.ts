import { computed, ref } from 'vue'

/** Which of the rows on the page are chosen; rows that are gone are no longer. */
export function useSelection<Row extends { id: string }>(rows: () => readonly Row[]) {
  const ids = ref(new Set<string>())
  const chosen = computed(() => rows().filter((row) => ids.value.has(row.id)))
  const all = computed(() => chosen.value.length > 0 && chosen.value.length === rows().length)

  function toggle(row: Row): void {
    if (!ids.value.delete(row.id)) ids.value.add(row.id)
  }

  const toggleAll = (): void => {
    ids.value = new Set(all.value ? [] : rows().map((row) => row.id))
  }

  const clear = (): void => ids.value.clear()
  return { ids, chosen, all, toggle, toggleAll, clear }
}

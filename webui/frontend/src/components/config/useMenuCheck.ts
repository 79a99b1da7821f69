import { onBeforeUnmount, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import type { MenuProblem, MenuTree } from '@/api/config'

const AFTER_MS = 400

/** What is wrong with a tree, asked again a moment after each change; answers to older questions are dropped. */
export function useMenuCheck(tree: () => MenuTree | undefined, check: (tree: MenuTree) => Promise<MenuProblem[]>) {
  const problems = shallowRef<MenuProblem[]>([])
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(wanted: MenuTree): Promise<void> {
    asked += 1
    const turn = asked
    try {
      const found = await check(wanted)
      if (turn === asked) problems.value = found
    } catch (error) {
      // What can't be checked now is checked again when it is saved or published.
      if (!(error instanceof ApiError)) throw error
    }
  }

  watch(
    () => JSON.stringify(tree()),
    (text) => {
      clearTimeout(timer)
      if (text) timer = setTimeout(() => void ask(JSON.parse(text) as MenuTree), AFTER_MS)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => clearTimeout(timer))
  return problems
}

import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { ApiError } from '@/api/client'
import type { Customer } from '@/api/customers'
import { Forms, type ScreenPop } from '@/api/forms'
import type { OwnSeat } from '@/api/types'
import { useServices } from '@/services'

/** Pause before asking again: a call's record is written a moment after its end. */
const AGAIN_MS = 700

/** All that is known of the caller of the own call, from ringing to the end of wrap-up. */
export function useScreenPop(own: Ref<OwnSeat>) {
  const forms = new Forms(useServices().api)
  const pop = shallowRef<ScreenPop | null>(null)
  const failure = ref('')
  const call = computed(() => own.value.row.call)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    clearTimeout(timer)
    const wanted = call.value
    if (pop.value?.call !== wanted) pop.value = null
    if (!wanted) return
    try {
      const found = await forms.screenPop(wanted)
      if (call.value !== wanted) return
      pop.value = found
      failure.value = ''
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (call.value !== wanted) return
      failure.value = error.status === 404 ? '' : error.message
      timer = setTimeout(() => void load(), AGAIN_MS)
    }
  }

  function know(customer: Customer | null): void {
    if (pop.value) pop.value = { ...pop.value, customer }
  }

  watch(call, () => void load(), { immediate: true })
  onBeforeUnmount(() => clearTimeout(timer))
  return { pop, failure, know }
}

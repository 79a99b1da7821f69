import { ref } from 'vue'
import { OutboundCalls } from '@/api/outbound'
import { useAttempt } from '@/components/toasts'
import { useServices } from '@/services'

/** Place a call from anywhere: the own phone rings first, and in this page it answers by itself. */
export function usePlaceCall() {
  const { api, phone } = useServices()
  const attempt = useAttempt()
  const busy = ref(false)

  async function place(number: string, callerId = ''): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    phone.expectOwnCall()
    const placed = await attempt(() => new OutboundCalls(api).place(number, callerId))
    if (!placed) phone.expectOwnCall(false)
    busy.value = false
    return placed
  }

  return { place, busy }
}

import { ref } from 'vue'
import { OutboundCalls } from '@/api/outbound'
import { useAttempt } from '@/components/toasts'
import { callsByMobile } from '@/live/outbound'
import { useServices } from '@/services'

/** Place a call from anywhere: the own phone rings first, in this page it answers by itself; a mobile asks to press 1. */
export function usePlaceCall() {
  const { api, phone, feed } = useServices()
  const attempt = useAttempt()
  const busy = ref(false)

  async function place(number: string, callerId = ''): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    if (!callsByMobile(feed.own.value)) phone.expectOwnCall()
    const placed = await attempt(() => new OutboundCalls(api).place(number, callerId))
    if (!placed) phone.expectOwnCall(false)
    busy.value = false
    return placed
  }

  return { place, busy }
}

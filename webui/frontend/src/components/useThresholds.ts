import { shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import { ThresholdApi, type Thresholds } from '@/api/thresholds'
import { useServices } from '@/services'
import { usePolling } from './usePolling'

/** A wall that hangs for days learns within this time what was changed. */
const REFRESH_S = 60

/** From which figures on the queue monitor warns; of nothing while that is not known. */
export function useThresholds() {
  const thresholds = new ThresholdApi(useServices().api)
  const known = shallowRef<Thresholds>({ company: {}, queues: {} })
  usePolling(async () => {
    try {
      known.value = await thresholds.load()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }, REFRESH_S)
  return known
}

import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/client'
import { Reports, type Report, type ReportFilter } from '@/api/reports'
import { useServices } from '@/services'

/** One report; asking again drops the answer to the question before. */
export function useReport() {
  const { t } = useI18n()
  const reports = new Reports(useServices().api)
  const report = shallowRef<Report | null>(null)
  const busy = ref(false)
  const error = ref('')
  /** The question is refused as it stands: to ask the same again is of no use. */
  const refused = ref(false)
  let running: AbortController | undefined

  async function load(filter: ReportFilter): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    busy.value = true
    error.value = ''
    try {
      report.value = await reports.show(filter, mine.signal)
    } catch (failure) {
      if (mine.signal.aborted) return
      refused.value = failure instanceof ApiError && failure.status === 422
      error.value = failure instanceof ApiError ? (Object.values(failure.fields)[0] ?? failure.message) : t('error.unreachable')
    } finally {
      if (running === mine) busy.value = false
    }
  }

  onBeforeUnmount(() => running?.abort())
  return { report, busy, error, refused, load }
}

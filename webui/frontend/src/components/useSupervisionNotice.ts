import { ElMessage } from 'element-plus'
import { watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { failureOf } from '@/live/supervision'
import { useServices } from '@/services'

/** Tells a supervisor why the own phone did not bring the call that was to be listened to (SUP-1). */
export function useSupervisionNotice(): void {
  const { t } = useI18n()
  const { feed, names } = useServices()
  watch(feed.notListening, (failed) => {
    if (!failed) return
    const message = t(`notListening.${failureOf(failed.cause)}`, { name: names.agent(failed.agent) })
    ElMessage({ type: 'error', message, showClose: true, duration: 8000, grouping: true })
  })
}

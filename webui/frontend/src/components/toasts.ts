import { ElMessage } from 'element-plus'
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/client'

/** Run what a click asks for; a failure is shown with the server's own words. True when it worked. */
export function useAttempt() {
  const { t } = useI18n()
  return async (action: () => Promise<unknown>, done?: string): Promise<boolean> => {
    try {
      await action()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status !== 401) ElMessage({ type: 'error', message: error.message, showClose: true, duration: 6000, grouping: true })
      else ElMessage({ type: 'warning', message: t('login.expired') })
      return false
    }
    if (done) ElMessage({ type: 'success', message: done, duration: 2500 })
    return true
  }
}

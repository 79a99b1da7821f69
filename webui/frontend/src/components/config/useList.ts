import { ElMessageBox } from 'element-plus'
import { onMounted, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/client'
import { useAttempt } from '@/components/toasts'

/** A list that the server has, with loading and failure; `load` again after changes. */
export function useList<T>(read: () => Promise<T[]>) {
  const rows = shallowRef<T[] | null>(null)
  const failure = ref('')

  async function load(): Promise<void> {
    failure.value = ''
    try {
      rows.value = await read()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failure.value = error.message
    }
  }

  onMounted(() => void load())
  return { rows, failure, load }
}

/**
 * Remove something after asking; what is in use is refused by the server, which says where. `effect` says what follows
 * for what no call depends on.
 */
export function useRemoval(effect?: () => string) {
  const { t } = useI18n()
  const attempt = useAttempt()
  return async (name: string, remove: () => Promise<void>): Promise<boolean> => {
    const confirmed = await ElMessageBox.confirm(effect?.() ?? t('config.deleteEffect'), t('config.deleteAsk', { name }), {
      confirmButtonText: t('config.delete'),
      cancelButtonText: t('action.cancel'),
      confirmButtonClass: 'el-button--danger',
      type: 'warning',
    }).catch(() => false)
    return confirmed !== false && (await attempt(remove, t('config.deleted', { name })))
  }
}

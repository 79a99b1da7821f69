import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { makeUpload } from '@/api/upload'
import { LANGUAGE_TAGS } from '@/i18n'
import { useServices } from '@/services'

/** Sends files in the user's language; `sent` is the part that has arrived (0 to 1), null before the first one. */
export function useUpload() {
  const { t } = useI18n()
  const { preferences } = useServices()
  const sent = ref<number | null>(null)
  const upload = makeUpload({ language: () => LANGUAGE_TAGS[preferences.locale.value], unreachable: () => t('error.unreachable'), progress: (part) => (sent.value = part) })
  return { upload, sent }
}

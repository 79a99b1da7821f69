import { useI18n } from 'vue-i18n'

/** Reasons that the server gives itself; all others are the company's own words. */
const BUILT_IN = ['no_answer', 'device_lost', 'no_mobile'] as const

export function useReasons() {
  const { t } = useI18n()
  const reasonText = (reason: string): string => {
    const known = BUILT_IN.find((id) => id === reason)
    return known ? t(`reason.${known}`) : reason
  }
  return { reasonText }
}

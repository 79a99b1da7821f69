import { useI18n } from 'vue-i18n'
import { ApiError, errorOf } from '@/api/client'
import { useAttempt } from '@/components/toasts'

/** Saves a table that the server makes at once; what goes wrong is told in its words, and the page stays. */
export function useSave() {
  const { t, locale } = useI18n()
  const attempt = useAttempt()

  async function fetched(url: string): Promise<void> {
    const answer = await fetch(url, { credentials: 'same-origin', headers: { 'Accept-Language': locale.value } }).catch(() => null)
    if (!answer) throw new ApiError(0, 'unreachable', t('error.unreachable'))
    if (!answer.ok) throw said(await errorOf(answer))
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await answer.blob())
    link.download = /filename="?([\w.-]+)/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? ''
    link.click()
    URL.revokeObjectURL(link.href)
  }

  return (url: string): Promise<boolean> => attempt(() => fetched(url))
}

/** The first field that was refused says more than "something is wrong". */
const said = (error: ApiError): ApiError => new ApiError(error.status, error.id, Object.values(error.fields)[0] ?? error.message, error.fields)

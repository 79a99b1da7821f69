import { onBeforeUnmount, watch } from 'vue'

const EVERY_MS = 1500

/** Look again while something is being made. */
export function useSoundPolling(busy: () => boolean, look: () => Promise<unknown>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const later = (): void => {
    clearTimeout(timer)
    if (busy()) timer = setTimeout(() => void look().finally(later), EVERY_MS)
  }
  watch(busy, later, { immediate: true })
  onBeforeUnmount(() => clearTimeout(timer))
}

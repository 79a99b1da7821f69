import { watch } from 'vue'

/** Wait until something that pages watch holds, or until so many milliseconds are over. */
export function until(holds: () => boolean, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(() => end(), ms)
    const stop = watch(holds, (yes) => yes && queueMicrotask(end), { immediate: true })
  })
}

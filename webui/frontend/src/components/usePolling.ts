import { onBeforeUnmount } from 'vue'

/** Run now and again every `seconds` while the component is shown and the page is in view. */
export function usePolling(run: () => Promise<unknown>, seconds: number): void {
  const turn = (): void => {
    if (!document.hidden) void run()
  }
  turn()
  const timer = setInterval(turn, seconds * 1000)
  onBeforeUnmount(() => clearInterval(timer))
}

/** A way to have something done again: never twice at once, and once more after whatever was asked for meanwhile. */
export function inTurn(run: () => Promise<unknown>): () => void {
  let running = false
  let wanted = false
  const turn = async (): Promise<void> => {
    running = true
    while (wanted) {
      wanted = false
      await run()
    }
  }
  return () => {
    wanted = true
    if (!running) void turn().finally(() => (running = false))
  }
}

import { describe, expect, it } from 'vitest'
import { inTurn } from '@/components/inTurn'

describe('what is done in turn', () => {
  it('is done once at a time, and once more after all that was asked for meanwhile', async () => {
    const open: (() => void)[] = []
    let runs = 0
    const ask = inTurn(() => {
      runs += 1
      return new Promise<void>((resolve) => open.push(resolve))
    })
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
    for (let n = 0; n < 5; n += 1) ask()
    expect(runs).toBe(1)
    open.shift()?.()
    await rest()
    expect(runs).toBe(2)
    open.shift()?.()
    await rest()
    expect(runs).toBe(2)
    ask()
    expect(runs).toBe(3)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { notify } from '@/phone/notice'
import { Ringer } from '@/phone/sounds'

class FakeContext {
  static all: FakeContext[] = []
  readonly devices: string[] = []
  readonly destination = {}
  readonly currentTime = 0
  readonly oscillator = { frequency: { value: 0 }, connect: (next: unknown) => next, start: vi.fn(), stop: vi.fn() }
  closed = false

  constructor() {
    FakeContext.all.push(this)
  }

  createOscillator = () => this.oscillator
  createGain = () => ({ gain: { value: 0, setTargetAtTime: vi.fn() }, connect: vi.fn() })

  async setSinkId(id: string): Promise<void> {
    this.devices.push(id)
    if (id === 'gone') throw new Error('no such device')
  }

  async close(): Promise<void> {
    this.closed = true
  }
}

beforeEach(() => {
  FakeContext.all = []
  vi.stubGlobal('AudioContext', FakeContext)
})

afterEach(() => vi.unstubAllGlobals())

describe('the ring tone (WEB-1)', () => {
  it.each(['headset', 'gone'])('sounds on a device of its own, on the usual one where that is gone: %s', async (device) => {
    const ringer = new Ringer()
    await ringer.start(device)
    const [context] = FakeContext.all
    expect(context?.devices).toEqual([device])
    expect(context?.oscillator.start).toHaveBeenCalledOnce()
    ringer.stop()
    expect([context?.oscillator.stop.mock.calls.length, context?.closed]).toEqual([1, true])
  })

  it('does not begin once the call was answered', async () => {
    const ringer = new Ringer()
    const begun = ringer.start('headset')
    ringer.stop()
    await begun
    expect(FakeContext.all[0]?.oscillator.start).not.toHaveBeenCalled()
  })
})

describe('the notice of a call (WEB-1)', () => {
  const shown: { text: string; options: unknown; onclick?: () => void }[] = []

  function allow(permission: string): void {
    class FakeNotification {
      static permission = permission
      onclick?: () => void
      constructor(
        readonly text: string,
        readonly options: unknown,
      ) {
        shown.push(this)
      }
    }
    vi.stubGlobal('Notification', FakeNotification)
  }

  beforeEach(() => shown.splice(0))

  it('is shown where the person has allowed it, and leads to the page', () => {
    allow('granted')
    const focus = vi.spyOn(window, 'focus').mockImplementation(() => undefined)
    notify('138 0013 8000')
    expect(shown).toMatchObject([{ text: '138 0013 8000', options: { tag: 'zuoxi-call' } }])
    shown[0]?.onclick?.()
    expect(focus).toHaveBeenCalledOnce()
  })

  it.each(['default', 'denied'])('is not shown where that is %s', (permission) => {
    allow(permission)
    notify('138 0013 8000')
    expect(shown).toEqual([])
  })
})

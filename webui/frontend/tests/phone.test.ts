import { describe, expect, it, vi } from 'vitest'
import { OneTab } from '@/phone/oneTab'
import { judge, look, type Look } from '@/phone/quality'
import { loudness } from '@/phone/sounds'

const before: Look = { received: 100, lost: 0, jitter: 0, roundTrip: 0.05, concealed: 0, samples: 96_000 }
const later = (change: Partial<Look>): Look => ({ ...before, received: 200, samples: 192_000, ...change })

describe('the quality of a call (WEB-1)', () => {
  it.each([
    ['good', later({})],
    ['fair', later({ lost: 3 })],
    ['poor', later({ lost: 20 })],
    ['poor', later({ concealed: 9600 })],
    ['fair', later({ roundTrip: 0.4 })],
    ['silent', before],
  ])('is %s', (quality, now) => expect(judge(before, now)).toBe(quality))

  it('is read from what browsers tell, whatever is missing', () => {
    const stats = [{ type: 'inbound-rtp', kind: 'audio', packetsReceived: 7 }, { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.1 }, { type: 'codec' }]
    expect(look(stats)).toMatchObject({ received: 7, lost: 0, roundTrip: 0.1 })
  })
})

describe('loudness', () => {
  it('runs from silence to full scale', () => {
    expect(loudness(new Float32Array(8))).toBe(0)
    expect(loudness(new Float32Array(8).fill(1))).toBe(1)
  })
})

describe('one tab of a browser has the phone (WEB-1)', () => {
  type Given = (lock: unknown) => unknown
  it('gets it when it is free, is told when another one takes it', async () => {
    let take: () => void = () => undefined
    const locks = {
      request: vi.fn((_: string, __: unknown, given: Given) => {
        void given({})
        return new Promise((_resolve, reject) => (take = () => reject(new DOMException('', 'AbortError'))))
      }),
    }
    const held = vi.fn()
    const lost = vi.fn()
    new OneTab(held, lost, locks as unknown as LockManager).take()
    expect(held).toHaveBeenCalledOnce()
    take()
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce())
  })

  it('waits while another one has it', async () => {
    const locks = { request: vi.fn((_: string, __: unknown, given: Given) => Promise.resolve(given(null))) }
    const held = vi.fn()
    const lost = vi.fn()
    const tab = new OneTab(held, lost, locks as unknown as LockManager)
    tab.take()
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce())
    tab.leave()
    expect(held).not.toHaveBeenCalled()
  })
})

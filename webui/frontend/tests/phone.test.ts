import { describe, expect, it, vi } from 'vitest'
import { shareOfTone, TEST_HERTZ } from '@/phone/echo'
import { OneTab, type Others } from '@/phone/oneTab'
import { Preflight, STEPS, type Checked } from '@/phone/preflight'
import { figures, judge, look, type Look } from '@/phone/quality'
import { sendOnceReachable } from '@/phone/candidates'
import { pressed, SHORTCUTS, type Shortcut } from '@/phone/shortcuts'
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
  const channel = (): Others => ({ postMessage: vi.fn(), onmessage: null })
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
    new OneTab(held, lost, locks as unknown as LockManager, channel()).take()
    expect(held).toHaveBeenCalledOnce()
    take()
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce())
  })

  it('is waited for by no page of this browser once a page of another machine has it', async () => {
    vi.useFakeTimers()
    const locks = { request: vi.fn((_: string, __: unknown, given: Given) => Promise.resolve(given(null))) }
    const [ours, others] = [channel(), channel()]
    const waiting = new OneTab(vi.fn(), vi.fn(), locks as unknown as LockManager, others)
    waiting.take()
    new OneTab(vi.fn(), vi.fn(), locks as unknown as LockManager, ours).abandon()
    expect(ours.postMessage).toHaveBeenCalledOnce()
    others.onmessage?.call(others as BroadcastChannel, new MessageEvent('message'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(locks.request).toHaveBeenCalledOnce()
    vi.useRealTimers()
  })

  it('waits while another one has it', async () => {
    const locks = { request: vi.fn((_: string, __: unknown, given: Given) => Promise.resolve(given(null))) }
    const held = vi.fn()
    const lost = vi.fn()
    const tab = new OneTab(held, lost, locks as unknown as LockManager, channel())
    tab.take()
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce())
    tab.leave()
    expect(held).not.toHaveBeenCalled()
  })
})

describe('what people are shown of a line (WEB-1)', () => {
  it('is the share of packets that never came, jitter and round trip', () => {
    expect(figures(before, later({ lost: 25, jitter: 0.01 }))).toEqual({ loss: 0.2, jitter: 0.01, roundTrip: 0.05 })
    expect(figures(before, before).loss).toBe(0)
  })
})

describe('the tone that goes through the switch (WEB-1)', () => {
  const wave = (hertz: number): Float32Array => Float32Array.from({ length: 2048 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hertz * i) / 48_000))
  it('is told from other tones and from silence', () => {
    expect(shareOfTone(wave(TEST_HERTZ), TEST_HERTZ, 48_000)).toBeGreaterThan(0.9)
    expect(shareOfTone(wave(440), TEST_HERTZ, 48_000)).toBeLessThan(0.1)
    expect(shareOfTone(new Float32Array(2048), TEST_HERTZ, 48_000)).toBe(0)
  })
})

describe('the check before going online (WEB-1, STATE-6)', () => {
  const works: Checked = {
    ready: () => Promise.resolve(true),
    level: () => Promise.resolve(0.4),
    soundAllowed: () => Promise.resolve(true),
    registered: () => Promise.resolve(null),
    echo: () => Promise.resolve({ level: 0.5, roundTrip: 0.02 }),
  }
  const verdicts = (check: Preflight): string[] => STEPS.map((step) => check.results[step].verdict)

  it('passes where everything works, and says what it measured', async () => {
    const check = new Preflight(works)
    expect(check.passed.value).toBe(false)
    expect(await check.run()).toBe(true)
    expect([check.passed.value, check.failed.value, check.figures.value?.roundTrip]).toEqual([true, null, 0.02])
  })

  it.each([
    ['microphone', { ready: () => Promise.resolve(false) }, 'microphone', ['failed', 'waiting', 'waiting', 'waiting']],
    ['sound', { soundAllowed: () => Promise.resolve(false) }, 'sound', ['passed', 'failed', 'waiting', 'waiting']],
    ['registration', { registered: () => Promise.resolve('elsewhere') }, 'elsewhere', ['passed', 'passed', 'failed', 'waiting']],
    ['way of the sound', { echo: () => Promise.resolve(null) }, 'echo', ['passed', 'passed', 'passed', 'failed']],
  ] satisfies [string, Partial<Checked>, string, string[]][])('stops at the %s and says what to do', async (_, broken, why, expected) => {
    const check = new Preflight({ ...works, ...broken })
    expect(await check.run()).toBe(false)
    expect(verdicts(check)).toEqual(expected)
    expect(check.failed.value && check.results[check.failed.value].why).toBe(why)
    expect(check.passed.value).toBe(false)
  })

  it('lets a silent microphone pass with a word of warning', async () => {
    const check = new Preflight({ ...works, level: () => Promise.resolve(0) })
    expect(await check.run()).toBe(true)
    expect(check.results.microphone).toEqual({ verdict: 'unsure', why: 'silent' })
  })

  it('runs once however often it is asked, and anew after another device was chosen', async () => {
    const echo = vi.fn(works.echo)
    const check = new Preflight({ ...works, echo })
    await Promise.all([check.run(), check.run()])
    expect(echo).toHaveBeenCalledOnce()
    check.forget()
    expect(check.passed.value).toBe(false)
    await check.run()
    expect(echo).toHaveBeenCalledTimes(2)
  })
})

describe('keys of calls (WEB-1)', () => {
  const key = (code: string, more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { code, altKey: true, ...more })
  it('are Alt and a letter, whatever the layout', () => {
    expect(pressed(key('KeyA'), ['answer', 'hangUp'])).toBe('answer')
    expect(pressed(key('KeyO'), ['resume', 'transfer'])).toBe('resume')
    expect(pressed(key('KeyA'), ['hangUp'])).toBeUndefined()
    for (const more of [{ altKey: false }, { ctrlKey: true }, { repeat: true }]) expect(pressed(key('KeyA', more), ['answer'])).toBeUndefined()
  })

  it('mean one act each, but for hold and resume, which are never there together', () => {
    const acts = (Object.keys(SHORTCUTS) as Shortcut[]).filter((act) => act !== 'resume')
    expect(new Set(acts.map((act) => SHORTCUTS[act])).size).toBe(acts.length)
  })
})

describe('the ways to this page (WEB-1)', () => {
  const sent = (...candidates: string[]): number => {
    let times = 0
    for (const candidate of candidates) sendOnceReachable({ candidate: { candidate }, ready: () => (times += 1) })
    return times
  }

  it('are sent once there is one by UDP: the switch refuses an answer that has TCP alone', () => {
    const tcp = 'candidate:2799533068 1 tcp 1518214911 192.0.2.2 9 typ host tcptype active generation 0 network-id 1'
    const udp = 'candidate:2895151643 1 udp 2122194687 192.0.2.2 39039 typ host generation 0 network-id 1'
    expect([sent(tcp), sent(udp), sent(tcp, udp), sent(udp.replace('udp', 'UDP')), sent('')]).toEqual([0, 1, 1, 1, 0])
  })
})

/** How a call sounds, told from two looks at the browser's statistics. */

export interface Look {
  received: number
  lost: number
  /** Seconds. */
  jitter: number
  roundTrip: number
  concealed: number
  samples: number
}

export type Quality = 'good' | 'fair' | 'poor' | 'silent'

/** Shares of sound made up for what was lost that people hear as flaws, and as bad. */
const FLAWED = 0.01
const BAD = 0.05
/** Round trips (s) at which people begin to talk into each other. */
const SLOW = 0.3
const VERY_SLOW = 0.6

export function look(stats: Iterable<Record<string, unknown>>): Look {
  const found: Look = { received: 0, lost: 0, jitter: 0, roundTrip: 0, concealed: 0, samples: 0 }
  const number = (value: unknown): number => (typeof value === 'number' ? value : 0)
  for (const one of stats) {
    if (one.type === 'inbound-rtp' && one.kind === 'audio') {
      found.received = number(one.packetsReceived)
      found.lost = number(one.packetsLost)
      found.jitter = number(one.jitter)
      found.concealed = number(one.concealedSamples) - number(one.silentConcealedSamples)
      found.samples = number(one.totalSamplesReceived)
    } else if (one.type === 'candidate-pair' && one.nominated) found.roundTrip = number(one.currentRoundTripTime)
  }
  return found
}

/** What people are shown of a line: share of packets lost, and seconds. */
export interface Figures {
  loss: number
  jitter: number
  roundTrip: number
}

/** Share of the packets since the look before that never came. */
function loss(before: Look, now: Look): number {
  const lost = Math.max(0, now.lost - before.lost)
  return lost / Math.max(1, Math.max(0, now.received - before.received) + lost)
}

export const figures = (before: Look, now: Look): Figures => ({ loss: loss(before, now), jitter: now.jitter, roundTrip: now.roundTrip })

/** A parked call sends nothing: `silent` is no verdict on the line. */
export function judge(before: Look, now: Look): Quality {
  if (now.received <= before.received) return 'silent'
  const flawed = Math.max(loss(before, now), Math.max(0, now.concealed - before.concealed) / Math.max(1, now.samples - before.samples))
  if (flawed > BAD || now.roundTrip > VERY_SLOW) return 'poor'
  return flawed > FLAWED || now.roundTrip > SLOW ? 'fair' : 'good'
}

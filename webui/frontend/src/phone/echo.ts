/** The test of the sound's way: a tone of our own goes to the switch, which sends it back, and is looked for there. */

import { loudness } from './sounds'

/** A tone that no room makes, and that every codec of telephones carries. */
export const TEST_HERTZ = 1000

/** The tone is there when so much of what comes back is it, and audibly so. */
const SHARE = 0.5
const AUDIBLE = 0.35

/** How long the tone may take to come back, ms; the call's set-up has its own limit. */
const HEARD_WITHIN_MS = 4000

export interface EchoFigures {
  /** Loudness of what came back, 0 to 1. */
  level: number
  /** Seconds. */
  roundTrip: number
}

/** A test call of the page: `connection` once the switch answers; rejects with EchoError. */
export interface EchoCall {
  connection: Promise<RTCPeerConnection>
  end(): void
}

/** The switch did not take the test call; `message` is why, in the words of SIP. */
export class EchoError extends Error {}

/** Send the tone through a line and look for it in what comes back; null when it doesn't. */
export async function echoThrough(line: { echo(stream: MediaStream): EchoCall }): Promise<EchoFigures | null> {
  const tone = new TestTone()
  const call = line.echo(tone.stream)
  try {
    return await tone.heardIn(await call.connection)
  } catch (error) {
    if (error instanceof EchoError) return null
    throw error
  } finally {
    call.end()
    tone.close()
  }
}

/** The part of the samples' energy, 0 to 1, that lies in a tone (Goertzel). */
export function shareOfTone(samples: Float32Array, hertz: number, rate: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / rate)
  let energy = 0
  let before = 0
  let last = 0
  for (const sample of samples) {
    energy += sample * sample
    ;[before, last] = [last, sample + factor * last - before]
  }
  const power = before * before + last * last - factor * before * last
  return energy ? Math.min(1, (2 * power) / (samples.length * energy)) : 0
}

/** A stream with the test tone in it, to be sent instead of the microphone's. */
export class TestTone {
  private readonly context = new AudioContext()
  private readonly oscillator = this.context.createOscillator()
  readonly stream: MediaStream

  constructor() {
    const out = this.context.createMediaStreamDestination()
    const gain = this.context.createGain()
    gain.gain.value = 0.3
    this.oscillator.frequency.value = TEST_HERTZ
    this.oscillator.connect(gain).connect(out)
    this.oscillator.start()
    this.stream = out.stream
  }

  /** Wait until the tone is heard in what a call brings; resolves with how loud, or with null when it never is. */
  async heardIn(connection: RTCPeerConnection): Promise<EchoFigures | null> {
    const stream = new MediaStream(connection.getReceivers().map((receiver) => receiver.track))
    // Chromium hands a call's sound to an analyser only while an element plays it.
    const element = new Audio()
    element.muted = true
    element.srcObject = stream
    await element.play().catch(() => undefined)
    const analyser = this.context.createAnalyser()
    this.context.createMediaStreamSource(stream).connect(analyser)
    const level = await this.listen(analyser)
    element.srcObject = null
    return level === null ? null : { level, roundTrip: await roundTrip(connection) }
  }

  close(): void {
    this.oscillator.stop()
    this.stream.getTracks().forEach((track) => track.stop())
    void this.context.close()
  }

  private listen(analyser: AnalyserNode): Promise<number | null> {
    const samples = new Float32Array(analyser.fftSize)
    const until = Date.now() + HEARD_WITHIN_MS
    return new Promise((resolve) => {
      const look = (): void => {
        analyser.getFloatTimeDomainData(samples)
        const level = loudness(samples)
        if (level > AUDIBLE && shareOfTone(samples, TEST_HERTZ, this.context.sampleRate) > SHARE) resolve(level)
        else if (Date.now() > until) resolve(null)
        else setTimeout(look, 100)
      }
      look()
    })
  }
}

async function roundTrip(connection: RTCPeerConnection): Promise<number> {
  for (const one of (await connection.getStats()).values()) {
    if (one.type === 'candidate-pair' && one.nominated && typeof one.currentRoundTripTime === 'number') return one.currentRoundTripTime
  }
  return 0
}

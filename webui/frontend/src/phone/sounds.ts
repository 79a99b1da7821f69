/** Sounds made by the page itself. Make them only once the microphone is open: browsers keep pages silent before. */

/** The ring tone of China's networks: 450 Hz, one second on, four off. */
const HERTZ = 450
const ON_S = 1
const PERIOD_S = 5

type SinkContext = AudioContext & { setSinkId?: (id: string) => Promise<void> }

export class Ringer {
  private context: SinkContext | undefined
  private oscillator: OscillatorNode | undefined

  /** Ring on a device (empty: the usual one) until `stop`. */
  async start(device: string): Promise<void> {
    this.stop()
    const context: SinkContext = new AudioContext()
    this.context = context
    if (device && context.setSinkId) await context.setSinkId(device).catch(() => undefined)
    if (this.context !== context) return
    this.oscillator = tone(context)
  }

  /** Ring once, for somebody who tries a device. */
  async try(device: string): Promise<void> {
    await this.start(device)
    const tried = this.context
    setTimeout(() => tried === this.context && this.stop(), ON_S * 1000)
  }

  stop(): void {
    this.oscillator?.stop()
    void this.context?.close()
    this.oscillator = this.context = undefined
  }
}

function tone(context: AudioContext): OscillatorNode {
  const oscillator = context.createOscillator()
  const gain = context.createGain()
  oscillator.frequency.value = HERTZ
  gain.gain.value = 0
  for (let at = 0; at < 120; at += PERIOD_S) {
    gain.gain.setTargetAtTime(0.2, context.currentTime + at, 0.02)
    gain.gain.setTargetAtTime(0, context.currentTime + at + ON_S, 0.02)
  }
  oscillator.connect(gain).connect(context.destination)
  oscillator.start()
  return oscillator
}

/** Whether the browser lets this page make sounds; it does after a click, or while the microphone is open. */
export async function soundAllowed(): Promise<boolean> {
  const context = new AudioContext()
  const late = new Promise((resolve) => setTimeout(resolve, 500))
  if (context.state !== 'running') await Promise.race([context.resume().catch(() => undefined), late])
  const allowed = context.state === 'running'
  void context.close()
  return allowed
}

/** The loudest moment of a stream within so many milliseconds. */
export function loudest(stream: MediaStream, ms: number): Promise<number> {
  return new Promise((resolve) => {
    let most = 0
    const end = meter(stream, (level) => (most = Math.max(most, level)))
    setTimeout(() => (end(), resolve(most)), ms)
  })
}

/** How loud a stream is, 0 to 1, told ten times a second until the returned function is called. */
export function meter(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    tell(loudness(samples))
  }, 100)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}

/** Root mean square on a scale that follows the ear: 0 below -60 dB, 1 at full scale. */
export function loudness(samples: Float32Array): number {
  const mean = samples.reduce((sum, value) => sum + value * value, 0) / samples.length
  return Math.min(1, Math.max(0, 1 + Math.log10(Math.max(mean, 1e-12)) / 6))
}

import { computed, reactive, ref } from 'vue'
import type { EchoFigures } from './echo'

/** What is looked at before an agent goes online (WEB-1, STATE-6), in this order. */
export const STEPS = ['microphone', 'sound', 'registered', 'echo'] as const
export type Step = (typeof STEPS)[number]

/** `unsure` doesn't keep anybody from going online: a silent microphone may belong to a silent room. */
export type Verdict = 'waiting' | 'running' | 'passed' | 'unsure' | 'failed'

export interface Result {
  verdict: Verdict
  /** Which hint tells what to do about it, by its name in the texts. */
  why: string
}

/** What the phone can be asked. */
export interface Checked {
  /** Open the microphone if it isn't yet; resolves with whether it is open. */
  ready(): Promise<boolean>
  /** How loud the microphone was in a second, 0 to 1. */
  level(): Promise<number>
  /** Whether the browser lets this page make sounds. */
  soundAllowed(): Promise<boolean>
  /** Whether the switch and the server both know this page's phone; resolves with the name of a hint if not. */
  registered(): Promise<string | null>
  /** Send a tone through the switch; null when it did not come back. */
  echo(): Promise<EchoFigures | null>
}

const HURDLES: readonly Verdict[] = ['failed', 'waiting', 'running']

/** Runs the steps one after another and keeps what came of them until the page is left. */
export class Preflight {
  readonly results = reactive(Object.fromEntries(STEPS.map((step) => [step, { verdict: 'waiting', why: '' }])) as Record<Step, Result>)
  readonly running = ref(false)
  readonly figures = ref<EchoFigures | null>(null)
  readonly passed = computed(() => STEPS.every((step) => !HURDLES.includes(this.results[step].verdict)))
  readonly failed = computed(() => STEPS.find((step) => this.results[step].verdict === 'failed') ?? null)
  private present: Promise<boolean> | undefined

  constructor(private readonly phone: Checked) {}

  /** Run all steps up to the first that fails; resolves with whether all passed. Asked twice it runs once. */
  run(): Promise<boolean> {
    this.present ??= this.all().finally(() => (this.present = undefined))
    return this.present
  }

  /** What was found holds no longer: another device was chosen, or the phone is gone. */
  forget(): void {
    for (const step of STEPS) this.results[step] = { verdict: 'waiting', why: '' }
    this.figures.value = null
  }

  private async all(): Promise<boolean> {
    this.forget()
    this.running.value = true
    try {
      for (const step of STEPS) {
        this.results[step] = { verdict: 'running', why: '' }
        this.results[step] = await this[step]()
        if (this.results[step].verdict === 'failed') return false
      }
      return true
    } finally {
      this.running.value = false
    }
  }

  private async microphone(): Promise<Result> {
    if (!(await this.phone.ready())) return { verdict: 'failed', why: 'microphone' }
    return (await this.phone.level()) > 0 ? { verdict: 'passed', why: '' } : { verdict: 'unsure', why: 'silent' }
  }

  private async sound(): Promise<Result> {
    return (await this.phone.soundAllowed()) ? { verdict: 'passed', why: '' } : { verdict: 'failed', why: 'sound' }
  }

  private async registered(): Promise<Result> {
    const why = await this.phone.registered()
    return why ? { verdict: 'failed', why } : { verdict: 'passed', why: '' }
  }

  private async echo(): Promise<Result> {
    this.figures.value = await this.phone.echo()
    return this.figures.value ? { verdict: 'passed', why: '' } : { verdict: 'failed', why: 'echo' }
  }
}

import { onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { ApiError } from '@/api/client'
import { Forms, type CallForm, type FormContent, type NextState, type ScreenPop } from '@/api/forms'
import { same } from '@/config/fieldErrors'
import { useServices } from '@/services'

/** What is typed is kept on the server this long after the last key. */
const AFTER_MS = 1000
/** Pause before a failed save is tried again. */
const AGAIN_MS = 3000

export type Keeping = 'empty' | 'kept' | 'typing' | 'saving' | 'failed'

const EMPTY: FormContent = { notes: '', disposition: '', tags: [] }
const contentOf = ({ notes, disposition, tags }: FormContent): FormContent => ({ notes, disposition, tags: [...tags] })

/** The form of the own call: kept on the server while it is written, so that it survives the page. */
export function useCallForm(pop: Ref<ScreenPop>) {
  const forms = new Forms(useServices().api)
  const form = ref<FormContent>(contentOf(pop.value.form ?? EMPTY))
  const kept = shallowRef<FormContent>(contentOf(form.value))
  const closed = ref(Boolean(pop.value.form?.closed))
  const keeping = ref<Keeping>(pop.value.form ? 'kept' : 'empty')
  const problem = ref('')
  const call = pop.value.call
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The wrap-up may be over on the live feed before the answer is here. */
  let closing = false
  let sending: Promise<unknown> = Promise.resolve()

  const later = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), ms)
  }

  /** One after the other: an answer to older text never comes last. */
  function send(action: (content: FormContent) => Promise<CallForm>): Promise<boolean> {
    clearTimeout(timer)
    const turn = sending.then(() => attempt(action))
    sending = turn
    return turn
  }

  async function attempt(action: (content: FormContent) => Promise<CallForm>): Promise<boolean> {
    const content = contentOf(form.value)
    keeping.value = 'saving'
    try {
      const saved = await action(content)
      kept.value = content
      closed.value = saved.closed !== null
      problem.value = ''
      keeping.value = same(content, contentOf(form.value)) ? 'kept' : 'typing'
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      refuse(error)
      return false
    }
  }

  /** What can't be kept as it is waits for a change; what only failed is tried again. */
  function refuse(error: ApiError): void {
    keeping.value = 'failed'
    problem.value = [error.message, ...Object.values(error.fields)].join(' ')
    if (error.status === 0 || error.status >= 500) later(AGAIN_MS)
  }

  const save = (): Promise<boolean> => send((content) => forms.save(call, 'me', content))
  async function close(then: NextState | null): Promise<boolean> {
    closing = true
    const worked = await send((content) => forms.close(call, 'me', content, then))
    closing = false
    return worked
  }
  const reopen = (): Promise<boolean> => save()

  watch(
    form,
    (now) => {
      if (same(now, kept.value)) return
      keeping.value = 'typing'
      later(AFTER_MS)
    },
    { deep: true },
  )

  /** The page or the call goes: what is not kept yet is sent, and a draft with something in it is closed by that. */
  onBeforeUnmount(() => {
    clearTimeout(timer)
    const waiting = !same(form.value, kept.value)
    const draft = !closed.value && !same(form.value, EMPTY)
    if (!closing && (waiting || draft)) void save()
  })
  return { form, closed, keeping, problem, close, reopen }
}

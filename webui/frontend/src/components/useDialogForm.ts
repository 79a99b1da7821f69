import { provide, ref, shallowRef, type Ref } from 'vue'
import { ApiError } from '@/api/client'
import { FORM } from '@/components/config/useEditor'
import { copy, Refusal, type FieldErrors } from '@/config/fieldErrors'

/** The form of a dialog: what is wrong is said at its field, before the server is asked or by the server. */
export function useDialogForm<T extends object>(begin: T, check: (form: T) => FieldErrors, send: (form: T) => Promise<void>) {
  const form = ref(copy(begin)) as Ref<T>
  const busy = ref(false)
  const problem = ref('')
  const refusal = shallowRef<Refusal | null>(null)
  const errorOf = (path: string): string => refusal.value?.of(path, form.value) ?? ''
  provide(FORM, { errorOf })

  function refuse(message: string, fields: FieldErrors): void {
    problem.value = Object.keys(fields).length ? '' : message
    refusal.value = new Refusal(copy(form.value), fields)
  }

  /** Ask the server for something of this dialog's. */
  async function run(act: () => Promise<void>): Promise<void> {
    busy.value = true
    problem.value = ''
    try {
      await act()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      refuse(error.message, error.fields)
    } finally {
      busy.value = false
    }
  }

  async function submit(): Promise<void> {
    if (busy.value) return
    const wrong = check(form.value)
    if (Object.keys(wrong).length) refuse('', wrong)
    else await run(() => send(copy(form.value)))
  }

  return { form, busy, problem, errorOf, run, submit }
}

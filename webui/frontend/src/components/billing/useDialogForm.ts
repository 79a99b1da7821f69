import { provide, ref, shallowRef, type Ref } from 'vue'
import { ApiError } from '@/api/client'
import { FORM } from '@/components/config/useEditor'
import { Refusal, type FieldErrors } from '@/config/fieldErrors'

/** The form of a dialog: what is wrong is said at its field, before the server is asked or by the server. */
export function useDialogForm<T extends object>(begin: T, check: (form: T) => FieldErrors, send: (form: T) => Promise<void>) {
  const form = ref(begin) as Ref<T>
  const busy = ref(false)
  const problem = ref('')
  const refusal = shallowRef<Refusal | null>(null)
  provide(FORM, { errorOf: (path: string) => refusal.value?.of(path, form.value) ?? '' })

  function refuse(message: string, fields: FieldErrors): void {
    problem.value = Object.keys(fields).length ? '' : message
    refusal.value = new Refusal(JSON.parse(JSON.stringify(form.value)), fields)
  }

  async function submit(): Promise<void> {
    const wrong = check(form.value)
    if (Object.keys(wrong).length) return refuse('', wrong)
    busy.value = true
    problem.value = ''
    try {
      await send(form.value)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      refuse(error.message, error.fields)
    } finally {
      busy.value = false
    }
  }

  return { form, busy, problem, submit }
}

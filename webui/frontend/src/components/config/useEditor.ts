import { ElMessageBox } from 'element-plus'
import { computed, inject, onBeforeUnmount, onMounted, provide, ref, shallowReactive, shallowRef, type InjectionKey, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { onBeforeRouteLeave } from 'vue-router'
import { ApiError } from '@/api/client'
import { TYPED, type Typed } from '@/components/useTyped'
import { copy, Refusal, same, type FieldErrors } from '@/config/fieldErrors'

/** What fields need to know of the form they are in. */
export interface FormErrors {
  errorOf: (path: string) => string
}

export const FORM: InjectionKey<FormErrors> = Symbol('form')

/** The form around a field; outside of one nothing is refused. */
export const useFormErrors = (): FormErrors => inject(FORM, { errorOf: () => '' })

export interface EditorOptions<T> {
  load: () => Promise<T>
  save: (form: T) => Promise<T>
  /** What is wrong before the server is asked, by field. */
  check?: (form: T) => FieldErrors
  /** Put the form in order before it is checked and sent. */
  tidy?: (form: T) => T
}

/** What the frame around a form needs to know of it, and do. */
export interface Editor {
  loaded: Readonly<Ref<boolean>>
  dirty: Readonly<Ref<boolean>>
  busy: Readonly<Ref<boolean>>
  failure: Readonly<Ref<string>>
  refused: Readonly<Ref<string>>
  refusal: Readonly<Ref<Refusal | null>>
  load: () => Promise<void>
  save: () => Promise<boolean>
  takeBack: () => void
}

/** A form with its unsaved changes: leaving asks first, Ctrl+S saves, refusals show at their fields. */
export function useEditor<T extends object>(options: EditorOptions<T>) {
  const { t } = useI18n()
  const form = ref(null) as Ref<T | null>
  const saved = shallowRef<T | null>(null)
  const busy = ref(false)
  const failure = ref('')
  const refused = ref('')
  const refusal = shallowRef<Refusal | null>(null)
  const typed = shallowReactive(new Set<Typed>())
  const loaded = computed(() => form.value !== null)
  const dirty = computed(() => !same(form.value, saved.value) || [...typed].some((one) => one.text.value !== ''))
  const errorOf = (path: string): string => refusal.value?.of(path, form.value) ?? ''

  function hold(value: T): void {
    saved.value = copy(value)
    form.value = copy(value)
    refused.value = ''
    refusal.value = null
  }

  /** Make it again what was saved. */
  function takeBack(): void {
    for (const one of typed) one.text.value = ''
    if (saved.value) hold(saved.value)
  }

  function refuse(message: string, fields: FieldErrors): void {
    refused.value = message
    refusal.value = new Refusal(copy(form.value), fields)
  }

  async function load(): Promise<void> {
    failure.value = ''
    await options.load().then(hold, (error: unknown) => (failure.value = wordsOf(error)))
  }

  /** True when the server took it. */
  async function save(): Promise<boolean> {
    if (!form.value || busy.value) return false
    for (const one of typed) one.keep()
    if (options.tidy) form.value = options.tidy(form.value)
    refused.value = ''
    const wrong = options.check?.(form.value) ?? {}
    if (Object.keys(wrong).length) refuse(t('config.checkFields'), wrong)
    else await send(copy(form.value))
    return !refused.value
  }

  async function send(value: T): Promise<void> {
    busy.value = true
    await options.save(value).then(hold, (error: unknown) => refuse(wordsOf(error), error instanceof ApiError ? error.fields : {}))
    busy.value = false
  }

  useLeaveGuard(dirty)
  provide(FORM, { errorOf })
  provide(TYPED, typed)
  onMounted(() => void load())
  return { form, saved, loaded, dirty, busy, failure, refused, refusal, load, save, takeBack, hold, errorOf }
}

function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  throw error
}

/** Ask before unsaved changes are lost. */
function useLeaveGuard(dirty: Ref<boolean>): void {
  const { t } = useI18n()
  onBeforeRouteLeave(async () => !dirty.value || (await confirmLeaving(t)))
  const warn = (event: BeforeUnloadEvent): void => {
    if (dirty.value) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', warn))
  onBeforeUnmount(() => removeEventListener('beforeunload', warn))
}

const confirmLeaving = (t: (key: string) => string): Promise<boolean> =>
  ElMessageBox.confirm(t('config.leaveEffect'), t('config.leaveAsk'), {
    confirmButtonText: t('config.leave'),
    cancelButtonText: t('config.stay'),
    type: 'warning',
  }).then(
    () => true,
    () => false,
  )

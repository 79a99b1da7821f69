import { inject, onBeforeUnmount, ref, type InjectionKey, type Ref } from 'vue'

/** Text that was typed into a list and is no part of it yet: `keep` makes it one. */
export interface Typed {
  text: Ref<string>
  keep: () => void
}

/** What is typed in the fields of a form: it counts as a change, and is kept when the form is saved. */
export const TYPED: InjectionKey<Set<Typed>> = Symbol('typed')

/** Keep what is typed without Enter when the field is left, unless for the list of choices; `take` gets the text. */
export function useTyped(take: (text: string) => void) {
  const text = ref('')
  const form = inject(TYPED, null)
  const typed: Typed = { text, keep }
  form?.add(typed)
  onBeforeUnmount(() => form?.delete(typed))

  function keep(): void {
    const written = text.value.trim()
    text.value = ''
    if (written) take(written)
  }

  function onInput(event: Event): void {
    if (event.target instanceof HTMLInputElement) text.value = event.target.value
  }

  function onBlur(event: FocusEvent): void {
    const choosing = event.relatedTarget instanceof HTMLElement && event.relatedTarget.closest('.el-popper')
    if (choosing) text.value = ''
    else keep()
  }

  return { text, onInput, onBlur }
}

import { computed, ref, watch, watchEffect, type Ref } from 'vue'
import { browserLocale, LANGUAGE_TAGS, LOCALES, type Locale } from '@/i18n'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** A ref that remembers its value in this browser; a stored value that isn't allowed any more is forgotten. */
export function remembered<T extends string>(key: string, allowed: readonly T[], initial: T): Ref<T> {
  const stored = localStorage.getItem(`zuoxi.${key}`) as T | null
  const value = ref(stored && allowed.includes(stored) ? stored : initial) as Ref<T>
  watch(value, (now) => localStorage.setItem(`zuoxi.${key}`, now))
  return value
}

/** What this user likes on this browser: language and colours. */
export class Preferences {
  readonly locale: Ref<Locale> = remembered('locale', LOCALES, browserLocale(navigator.languages))
  readonly theme: Ref<Theme> = remembered('theme', THEMES, 'system')
  private readonly system = ref(false)
  readonly dark = computed(() => (this.theme.value === 'system' ? this.system.value : this.theme.value === 'dark'))

  /** Keep the document in step; call once. */
  apply(): void {
    const query = matchMedia('(prefers-color-scheme: dark)')
    this.system.value = query.matches
    query.addEventListener('change', (event) => (this.system.value = event.matches))
    watchEffect(() => document.documentElement.classList.toggle('dark', this.dark.value))
    watchEffect(() => (document.documentElement.lang = LANGUAGE_TAGS[this.locale.value]))
  }
}

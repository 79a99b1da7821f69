import { createI18n } from 'vue-i18n'

export const LOCALES = ['zh', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** HTML language tags, also what the server is asked for. */
export const LANGUAGE_TAGS: Record<Locale, string> = { zh: 'zh-CN', en: 'en' }

/** A text, or texts by name. */
export interface Texts {
  [name: string]: string | Texts
}

/** One file an area of the pages; each file's first names are its own. */
const files = import.meta.glob<Texts>('./*/*.json', { eager: true, import: 'default' })

/** All texts of a language. */
export function textsOf(locale: Locale): Texts {
  const own = Object.entries(files).filter(([path]) => path.startsWith(`./${locale}/`))
  return Object.assign({}, ...own.map(([, texts]) => texts)) as Texts
}

/** The browser's preference: Chinese for any Chinese, English for all others. */
export function browserLocale(languages: readonly string[]): Locale {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function makeI18n(locale: Locale) {
  return createI18n({ legacy: false, locale, fallbackLocale: 'en', messages: { zh: textsOf('zh'), en: textsOf('en') } })
}

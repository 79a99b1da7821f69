import { createI18n } from 'vue-i18n'
import en from './en.json'
import zh from './zh.json'

export const LOCALES = ['zh', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** HTML language tags, also what the server is asked for. */
export const LANGUAGE_TAGS: Record<Locale, string> = { zh: 'zh-CN', en: 'en' }

/** The browser's preference: Chinese for any Chinese, English for all others. */
export function browserLocale(languages: readonly string[]): Locale {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function makeI18n(locale: Locale) {
  return createI18n({ legacy: false, locale, fallbackLocale: 'en', messages: { zh, en } })
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OUTCOMES, STANDINGS, STRATEGIES, VERDICTS } from '@/api/calls'
import { AGENT_STATES, ANSWER_MODES } from '@/api/types'
import { browserLocale, LOCALES, textsOf } from '@/i18n'
import { QUEUE_SORT_KEYS } from '@/live/queues'
import { GROUPINGS, SORT_KEYS } from '@/live/seats'
import { PAGES } from '@/router'
import { THEMES } from '@/session/preferences'
import { SETTINGS } from '@/settingsRoutes'

function leaves(tree: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[path + key, value]] : Object.entries(leaves(value as object, `${path}${key}.`)),
    ),
  )
}

const texts = { en: leaves(textsOf('en')), zh: leaves(textsOf('zh')) }
const SOURCES = join(import.meta.dirname, '../src')
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file))
  .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
const source = files.join('\n')

/** What is inside the parentheses of every call of `t` or `te`. */
const calls = [...source.matchAll(/\bte?\(((?:[^()]|\([^()]*\))*)\)/g)].map((match) => match[1] ?? '')
const KEY = /'([a-z]\w*(?:\.\w+)+)'/gi
const usedKeys = new Set([...calls.flatMap((call) => [...call.matchAll(KEY)].map((match) => match[1] as string)), ...[...source.matchAll(/title: '([\w.]+)'/g)].map((match) => match[1] as string)])
const usedPrefixes = new Set(calls.flatMap((call) => [...call.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1] as string)))

describe('texts', () => {
  it('name every page of the two navigations', () => {
    const pages = [...PAGES, ...SETTINGS.flatMap((group) => group.pages)]
    for (const locale of LOCALES) expect(pages.filter((page) => !texts[locale][`nav.${String(page.name)}`])).toEqual([])
  })

  it('have one file each: no two files of a language begin with the same name', () => {
    for (const locale of LOCALES) {
      const folder = join(SOURCES, 'i18n', locale)
      const names = readdirSync(folder).flatMap((file) => Object.keys(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object))
      expect(names.length).toBe(new Set(names).size)
    }
  })

  it('exist in Chinese and English alike, with the same places to fill', () => {
    expect(Object.keys(texts.zh).sort()).toEqual(Object.keys(texts.en).sort())
    // A place may stand in each of a text's plural forms: English has two, Chinese one.
    const places = (text: string): string[] => [...new Set([...text.matchAll(/\{\w+\}/g)].map(String))].sort()
    for (const [key, text] of Object.entries(texts.en)) expect([key, places(texts.zh[key] ?? '')]).toEqual([key, places(text)])
  })

  it('have Chinese signs beside Chinese characters', () => {
    const wrong = Object.entries(texts.zh).filter(([, text]) => /[\u4e00-\u9fff][,:;?!]|[,:;?!][\u4e00-\u9fff]/.test(text))
    expect(wrong).toEqual([])
  })

  it('are there for every key that the pages use', () => {
    expect(usedKeys.size).toBeGreaterThan(80)
    for (const key of usedKeys) expect(texts.en, key).toHaveProperty([key])
    const keys = Object.keys(texts.en)
    for (const prefix of usedPrefixes) expect(keys.some((key) => key.startsWith(prefix)), prefix).toBe(true)
  })

  it('name every state, mode, outcome, column and choice', () => {
    const wanted = [
      ...AGENT_STATES.map((state) => `state.${state}`),
      ...ANSWER_MODES.flatMap((mode) => [`mode.${mode}`, `seat.forceLogoutEffect.${mode}`]),
      ...OUTCOMES.map((outcome) => `outcome.${outcome}`),
      ...STANDINGS.map((standing) => `choice.standing.${standing}`),
      ...STRATEGIES.map((strategy) => `choice.strategy.${strategy}`),
      ...VERDICTS.map((verdict) => `choice.verdict.${verdict}`),
      ...THEMES.map((theme) => `theme.${theme}`),
      ...GROUPINGS.map((grouping) => `seats.grouping.${grouping}`),
      ...SORT_KEYS.flatMap((key) => [`seats.column.${key}`, `seats.hint.${key}`]),
      ...QUEUE_SORT_KEYS.flatMap((key) => [`queues.column.${key}`, `queues.definition.${key}`]),
      ...['connecting', 'live', 'reconnecting', 'stale'].flatMap((link) => [`link.${link}`, `link.${link}Hint`]),
    ]
    for (const key of wanted) expect(texts.en, key).toHaveProperty([key])
  })

  it('are never written into a page: templates hold no words of their own', () => {
    const bare = (template: string): string => template.replace(/\{\{[\s\S]*?\}\}|"[^"]*"|<!--[\s\S]*?-->/g, '')
    const templates = files.map((file) => bare(/^<template>[\s\S]*^<\/template>/m.exec(file)?.[0] ?? ''))
    const words = templates.flatMap((template) => template.match(/>[^<>]*\p{L}[^<>]*</gu) ?? [])
    expect(templates.join('').length).toBeGreaterThan(5000)
    expect(words).toEqual([])
  })
})

describe('the language', () => {
  it.each([
    [['zh-CN', 'en'], 'zh'],
    [['zh-TW'], 'zh'],
    [['en-US', 'zh'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('for a browser that prefers %j is %s', (languages, locale) => expect(browserLocale(languages)).toBe(locale))
})

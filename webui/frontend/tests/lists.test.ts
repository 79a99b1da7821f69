import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp, ref, type App, type Component } from 'vue'
import { Api } from '@/api/client'
import BlacklistDialog from '@/components/config/BlacklistDialog.vue'
import SoundDrawer from '@/components/config/SoundDrawer.vue'
import FileDialog from '@/components/lists/FileDialog.vue'
import { reportOf } from '@/components/lists/fileReport'
import { makeI18n } from '@/i18n'
import BlacklistPage from '@/pages/config/BlacklistPage.vue'
import { SERVICES, type Services } from '@/services'

const entry = (id: string) => ({ id, number: `1380000000${id}`, entry: '', direction: 'in', description: '', expires: null, created: 1, created_by: '', created_by_name: null, hits: 0, last_hit: null })
let app: App
vi.setConfig({ testTimeout: 30_000 })

function show(page: Component, props: Record<string, unknown>, answer: (method: string) => Response | Promise<Response>) {
  const asked: string[] = []
  const fetched = vi.fn<typeof fetch>((url, init) => {
    asked.push(`${init?.method} ${url as string}`)
    return Promise.resolve(answer(init?.method ?? ''))
  })
  const api = new Api({ language: () => 'en', unreachable: () => 'unreachable', loggedOut: () => undefined, fetch: fetched })
  app = createApp(page, props).use(makeI18n('en'))
  const session = { may: () => true, timezone: ref('UTC'), country: ref('CN') }
  app.provide(SERVICES, { api, session, preferences: { locale: ref('en') }, clock: { now: () => 2, tick: ref(2) } } as unknown as Services)
  app.mount(document.body.appendChild(document.createElement('div')))
  return asked
}

/** Wait for what comes about by itself. */
const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, 20_000)

function find<T extends HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector)
  if (!found) throw new Error(`no ${selector}`)
  return found
}

const submit = () => find('form').dispatchEvent(new Event('submit', { cancelable: true }))

function type(selector: string, text: string): void {
  const field = find<HTMLInputElement>(selector)
  field.value = text
  field.dispatchEvent(new Event('input'))
}

/** What a browser does when somebody chooses a file: nothing, if the field still holds one of that name. */
function choose(input: HTMLInputElement, file: File): void {
  if (input.value.endsWith(file.name)) return
  let value = `C:\\fakepath\\${file.name}`
  Object.defineProperties(input, { files: { value: [file], configurable: true }, value: { get: () => value, set: (text: string) => (value = text), configurable: true } })
  input.dispatchEvent(new Event('change'))
}

/** A server that refuses every file, and notes it. */
function refusing(sent: string[]) {
  return class extends EventTarget {
    readonly upload = new EventTarget()
    readonly status = 422
    readonly responseText = JSON.stringify({ error: { id: 'invalid', message: 'That is no sound' } })
    open = () => undefined
    setRequestHeader = () => undefined
    async send(form: FormData): Promise<void> {
      sent.push(await (form.get('file') as File).text())
      this.dispatchEvent(new Event('loadend'))
    }
  }
}

const button = (text: string) => [...document.querySelectorAll('button')].filter((one) => one.textContent?.trim() === text).at(-1)

afterEach(() => {
  app.unmount()
  document.body.replaceChildren()
})

describe('a list that people keep (BLACK-1)', () => {
  const rows = () => new Response(JSON.stringify({ items: [entry('1'), entry('2')], next: null }))

  it('is searched a moment after typing', async () => {
    const asked = show(BlacklistPage, {}, rows)
    await eventually(() => expect(document.querySelectorAll('tbody tr').length).toBe(2))
    type('input[type=search]', ' 138 ')
    await eventually(() => expect(asked.at(-1)).toBe('GET /api/v1/blacklist?search=138'))
  })

  it('deletes several entries after asking, and none without', async () => {
    const asked = show(BlacklistPage, {}, (method) => (method === 'DELETE' ? new Response(null, { status: 204 }) : rows()))
    await eventually(() => expect(document.querySelectorAll('tbody tr').length).toBe(2))
    find('thead input').click()
    await eventually(() => expect(document.body.textContent).toContain('2 chosen'))
    button('Delete')?.click()
    await eventually(() => expect(find('.el-message-box').textContent).toContain('Delete 2 entries?'))
    expect(asked.filter((one) => one.startsWith('DELETE'))).toEqual([])
    find('.el-message-box .el-button--danger').click()
    await eventually(() => expect(asked.slice(-3)).toEqual(['DELETE /api/v1/blacklist/1', 'DELETE /api/v1/blacklist/2', 'GET /api/v1/blacklist']))
  })
})

describe('a dialog with a form (BLACK-1)', () => {
  it('sends once, and shows at the field what the server refuses', async () => {
    let answer: (response: Response) => void = () => undefined
    const asked = show(BlacklistDialog, { entry: null }, () => new Promise<Response>((resolve) => (answer = resolve)))
    await eventually(() => submit())
    await eventually(() => expect(document.body.textContent).toContain('Enter a number'))
    type('form input', '138')
    submit()
    submit()
    expect(asked).toEqual(['POST /api/v1/blacklist'])
    answer(new Response(JSON.stringify({ error: { id: 'invalid', message: 'no', fields: { number: 'That is no number' } } }), { status: 422 }))
    await eventually(() => expect(find('form [role=alert]').textContent).toBe('That is no number'))
  })
})

describe('a file that is brought in (BLACK-1)', () => {
  const report = { added: 1, duplicates: 0, refused: 1, lines: [{ line: 1, number: '138', result: 'added' as const, reason: '' }, { line: 2, number: 'x', result: 'refused' as const, reason: 'no number' }] }

  it('is told of line by line, what was refused first', async () => {
    const [send, done] = [vi.fn().mockResolvedValue(reportOf(report, '1 added, 1 refused', (fate) => fate)), vi.fn()]
    show(FileDialog, { title: '', hint: '', submitText: 'Import', what: '', outcome: '', send, onDone: done }, () => new Response())
    const input = await eventually(() => find<HTMLInputElement>('input[type=file]'))
    expect(button('Import')?.disabled).toBe(true)
    const file = new File(['138'], 'list.csv')
    choose(input, file)
    await eventually(() => expect(button('Import')?.disabled).toBe(false))
    submit()
    await eventually(() => expect(find('[role=status]').textContent).toBe('1 added, 1 refused'))
    expect(send.mock.lastCall?.[1]).toBe(file)
    expect([...document.querySelectorAll('tbody tr')].map((row) => row.textContent?.trim())).toEqual(['2xrefused no number', '1138added'])
    expect(done).toHaveBeenCalledOnce()
    const mended = new File(['139'], 'list.csv')
    choose(input, mended)
    await eventually(() => expect(button('Import')?.disabled).toBe(false))
    submit()
    await eventually(() => expect(send.mock.lastCall?.[1]).toBe(mended))
  })

  it('is a sound that may be mended and chosen again under the same name (TTS-1)', async () => {
    const sent: string[] = []
    vi.stubGlobal('XMLHttpRequest', refusing(sent))
    show(SoundDrawer, { sound: null }, () => new Response(JSON.stringify({ items: [], voices: [] })))
    ;(await eventually(() => find('input[value=file]'))).click()
    const input = await eventually(() => find<HTMLInputElement>('input[type=file]'))
    for (const content of ['spoilt', 'mended!']) {
      choose(input, new File([content], 'welcome.wav'))
      await eventually(() => expect(button('Upload')?.disabled).toBe(false))
      submit()
      await eventually(() => expect(sent.at(-1)).toBe(content))
      await eventually(() => expect(find('[role=alert]').textContent).toBe('That is no sound'))
    }
    vi.unstubAllGlobals()
  })
})

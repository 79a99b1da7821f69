import { describe, expect, it, vi } from 'vitest'
import { Blacklist } from '@/api/blacklist'
import { makeUpload } from '@/api/upload'
import { checkEntry, emptyEntry, lengthOf } from '@/config/blockedNumber'

const words = { number: 'number', long: (most: number): string => `at most ${most}`, past: 'past' }

describe('an entry of the blacklist (BLACK-1)', () => {
  it('has a number of at most 20 characters and a description of at most 50', () => {
    const entry = { ...emptyEntry(), number: '1'.repeat(20), description: '坐'.repeat(50) }
    expect(checkEntry(entry, 0, words)).toEqual({})
    expect(checkEntry({ ...entry, number: `${entry.number}1`, description: `${entry.description}席` }, 0, words)).toEqual({ number: 'at most 20', description: 'at most 50' })
  })

  it('needs a digit and an end in the future', () => {
    expect(checkEntry({ ...emptyEntry(), number: '+', expires: 5 }, 5, words)).toEqual({ number: 'number', expires: 'past' })
    expect(checkEntry({ ...emptyEntry(), number: '+86 138*', expires: 6 }, 5, words)).toEqual({})
  })

  it('counts characters as the server does', () => expect(lengthOf('坐席📞')).toBe(3))
})

/** A request that ends as told, for `makeUpload`. */
class FakeRequest extends EventTarget {
  readonly upload = new EventTarget()
  readonly open = vi.fn()
  readonly setRequestHeader = vi.fn()
  status = 0
  responseText = ''

  constructor(private readonly answer: [number, string]) {
    super()
  }

  send = vi.fn(() => {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { lengthComputable: true, loaded: 1, total: 4 }))
    ;[this.status, this.responseText] = this.answer
    this.dispatchEvent(new Event('loadend'))
  })
}

function make(status: number, text: string) {
  const request = new FakeRequest([status, text])
  const progress = vi.fn()
  const upload = makeUpload({ language: () => 'zh-CN', unreachable: () => 'unreachable', progress, request: () => request as never })
  return { upload, request, progress }
}

describe('sending a file', () => {
  const file = new File(['x'], 'list.csv')

  it('tells how far it is and answers what the server says', async () => {
    const { upload, request, progress } = make(200, '{"added": 1}')
    await expect(new Blacklist({} as never).bringIn(upload, file, { all_or_nothing: 'true' })).resolves.toEqual({ added: 1 })
    expect(request.open).toHaveBeenCalledWith('POST', '/api/v1/blacklist/import')
    expect(progress).toHaveBeenCalledWith(0.25)
    const form = (request.send.mock.calls as unknown[][])[0]?.[0] as FormData
    expect([form.get('all_or_nothing'), (form.get('file') as File).name]).toEqual(['true', 'list.csv'])
  })

  it('fails with the server’s own reason, field by field', async () => {
    const { upload } = make(422, JSON.stringify({ error: { id: 'invalid', message: 'no', fields: { file: 'not a table' } } }))
    await expect(upload('/x', {})).rejects.toMatchObject({ status: 422, id: 'invalid', fields: { file: 'not a table' } })
  })

  it('says so when the server is not reached', async () => {
    await expect(make(0, '').upload('/x', {})).rejects.toMatchObject({ id: 'unreachable', message: 'unreachable' })
  })
})

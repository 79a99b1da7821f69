import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bytes, type Export, type Exports } from '@/api/exports'
import { ExportTray } from '@/session/exportTray'

const row = (id: string, status: Export['status']): Export => ({ export: id, kind: 'calls', format: 'csv', created: 1, status, lines: 0, total: null, size: null, error: '', expires: 2 })

describe('the tray of exports (API-1)', () => {
  let rows: Export[]
  const exports = { list: vi.fn(async () => ({ items: rows, next: null })), ask: vi.fn(async () => row('a', 'waiting')) }
  let tray: ExportTray

  beforeEach(() => {
    vi.useFakeTimers()
    vi.clearAllMocks()
    rows = []
    tray = new ExportTray(exports as unknown as Exports, () => 'away')
  })
  afterEach(() => void vi.useRealTimers())

  it('opens when something is asked for, and shows how much is being made', async () => {
    rows = [row('a', 'running'), row('b', 'waiting'), row('c', 'done')]
    await tray.ask('calls', { number: '138' }, 'csv')
    await vi.runAllTimersAsync()
    expect(exports.ask).toHaveBeenCalledWith('calls', { number: '138' }, 'csv')
    expect([tray.open.value, tray.running.value]).toEqual([true, 2])
  })

  it('asks once for many news', async () => {
    for (let n = 0; n < 20; n += 1) tray.hear()
    await vi.runAllTimersAsync()
    expect(exports.list).toHaveBeenCalledTimes(1)
  })

  it('marks what was made while it was shut, until it is opened', async () => {
    rows = [row('a', 'running')]
    await tray.load()
    rows = [row('a', 'done'), row('old', 'done')]
    await tray.load()
    expect([...tray.fresh.value]).toEqual(['a'])
    tray.show()
    expect(tray.fresh.value.size).toBe(0)
  })

  it('tells why nothing can be shown, and keeps what it has', async () => {
    rows = [row('a', 'done')]
    await tray.load()
    exports.list.mockRejectedValueOnce(new Error('x'))
    await tray.load()
    expect([tray.failure.value, tray.rows.value?.length]).toEqual(['away', 1])
  })

  it('shows lengths as people read them', () => {
    expect([0, 900, 1536, 20_000, 5 * 1024 ** 3].map(bytes)).toEqual(['0 B', '900 B', '1.5 KB', '20 KB', '5.0 GB'])
  })
})

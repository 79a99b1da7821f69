import type { AgentState, AnswerMode, OwnSeat, QueueRow, SeatRow } from '../src/api/types'

const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗']
const GIVEN = ['伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '秀英', '晓明', '子涵', '雨桐', '浩然']
const GROUPS = ['售前一组', '售前二组', '售后服务', '技术支持', '投诉处理', '大客户']
const QUEUES = ['售前咨询', '售后服务', '技术支持', '投诉建议', '大客户专线', '账单查询', '英语服务', '夜间值班', '物流查询', '退换货', '会员服务', '安装预约']
const REASONS = ['午餐', '培训', '会议']
const SECOND = 1_000_000

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T
const phone = (): string => `1${pick(['38', '39', '50', '86', '77'])}${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`

/** The next state and how likely it is to be taken at each step. */
const NEXT: Record<AgentState, AgentState[]> = {
  online: ['ringing', 'ringing', 'ringing', 'break', 'busy'],
  ringing: ['in_call', 'in_call', 'online'],
  in_call: ['wrap_up'],
  wrap_up: ['online'],
  break: ['online'],
  busy: ['online'],
  offline: ['online'],
}

type Board = 'seats' | 'queues'

/** Generated seats and queues that change a few at a time. */
export class MockWorld {
  readonly seats = new Map<string, SeatRow>()
  readonly queues = new Map<string, QueueRow>()
  sequence = 1
  loggedIn = false
  onOwn: () => void = () => undefined

  constructor(count: number) {
    for (let n = 1; n <= count; n += 1) this.seats.set(`a${n}`, this.makeSeat(n))
    if (count) QUEUES.forEach((name, index) => this.queues.set(`q${index}`, this.makeQueue(`q${index}`, name)))
  }

  now = (): number => Date.now() * 1000

  session(): unknown {
    return {
      user: { id: 'u1', login: 'supervisor', name: '陈晓明', role: 'supervisor', language: '', agent_id: 'a1' },
      tenant: { id: 'mock', name: '示例数据 (mock)', timezone: 'Asia/Shanghai', country: 'CN', break_reasons: REASONS },
      permissions: ['seats.view', 'seats.act', 'calls.view_queue_monitor', 'calls.view_live', 'records.view', 'own_state.change', 'names.view', 'config.view', 'config.edit', 'prompts.view', 'prompts.edit', 'blacklist.view', 'blacklist.edit'],
    }
  }

  own(): (OwnSeat & { now: number }) | null {
    const row = this.seats.get('a1')
    const call = row?.call ? { id: row.call, caller: row.caller ?? '', caller_name: '', number: '4001', arrived: row.since, queue: row.queue, entered: row.since, connected: null, held: null, consult: null } : null
    return row ? { row, call, chosen: 'online', due: row.state === 'wrap_up' ? row.since + 600 * SECOND : null, page: '', now: this.now() } : null
  }

  snapshot(board: Board): unknown {
    return { sequence: this.sequence, now: this.now(), rows: [...this[board].values()] }
  }

  names(board: Board): unknown {
    return { items: [...this[board].values()].map(({ id, name }) => ({ id, name })) }
  }

  /** Change a few rows; yields a delta per board. */
  step(): [Board, unknown][] {
    const seats = [...this.seats.values()].filter(() => Math.random() < 0.004).map((row) => this.move(row))
    const queues = [...this.queues.values()].filter(() => Math.random() < 0.1).map((row) => this.churn(row))
    return this.publish(seats, queues)
  }

  act(row: SeatRow, action: string, body: Record<string, string>): void {
    const next = { ...row }
    if (action === 'answer-mode') next.mode = body.mode as AnswerMode
    else Object.assign(next, this.entered((body.state as AgentState | undefined) ?? (action === 'forced-logout' ? 'offline' : 'online'), body.reason))
    this.seats.set(row.id, next)
    this.pending.push(next)
    if (row.id === 'a1') this.onOwn()
  }

  private pending: SeatRow[] = []

  private publish(seats: SeatRow[], queues: QueueRow[]): [Board, unknown][] {
    const rows = [...this.pending.splice(0), ...seats]
    if (!rows.length && !queues.length) return []
    const from = this.sequence
    this.sequence += rows.length + queues.length
    if (rows.some((row) => row.id === 'a1')) this.onOwn()
    const base = { from, to: this.sequence, now: this.now(), removed: [] }
    return [
      ['seats', { ...base, rows }],
      ['queues', { ...base, rows: queues }],
    ]
  }

  private entered(state: AgentState, reason?: string): Partial<SeatRow> {
    const busy = state === 'ringing' || state === 'in_call' || state === 'wrap_up'
    const call = busy ? { call: crypto.randomUUID(), caller: phone(), queue: pick([...this.queues.keys()]) } : { call: null, caller: null, queue: null }
    return { state, since: this.now(), reason: state === 'break' ? (reason ?? pick([...REASONS, 'no_answer'])) : '', ...call }
  }

  private move(row: SeatRow): SeatRow {
    const state = pick(NEXT[row.state])
    const kept = row.call && (state === 'in_call' || state === 'wrap_up') ? { call: row.call, caller: row.caller, queue: row.queue } : {}
    const next = { ...row, ...this.entered(state), ...kept, connected_in: row.connected_in + Number(state === 'in_call') }
    this.seats.set(row.id, next)
    return next
  }

  private churn(row: QueueRow): QueueRow {
    const waiting = Math.max(0, row.waiting + pick([-1, -1, 0, 1, 1]))
    const longest = waiting ? (row.longest_since ?? this.now() - 5 * SECOND) : null
    const gone = row.waiting > waiting
    const next = { ...row, waiting, longest_since: longest, ready: Math.max(0, row.ready + pick([-1, 0, 1])), connected: row.connected + Number(gone), offered: row.offered + Number(gone) }
    this.queues.set(row.id, next)
    return next
  }

  private makeSeat(n: number): SeatRow {
    const state = pick(['online', 'online', 'in_call', 'in_call', 'in_call', 'wrap_up', 'ringing', 'break', 'busy', 'offline', 'offline'] as const)
    const seat = {
      id: `a${n}`,
      name: pick(SURNAMES) + pick(GIVEN),
      group: n % 23 ? pick(GROUPS) : '',
      mode: Math.random() < 0.85 ? 'web' : 'mobile',
      registered: state !== 'offline' && Math.random() < 0.93,
      connected_in: Math.floor(Math.random() * 60),
      connected_out: Math.floor(Math.random() ** 3 * 30),
      ...this.entered(state),
    } as SeatRow
    return { ...seat, since: this.now() - Math.floor(Math.random() ** 3 * 7200) * SECOND }
  }

  private makeQueue(id: string, name: string): QueueRow {
    const [connected, abandoned, timed_out] = [Math.floor(Math.random() * 900), Math.floor(Math.random() * 40), Math.floor(Math.random() * 12)]
    const offered = connected + abandoned + timed_out
    const waiting = Math.floor(Math.random() ** 3 * 14)
    return {
      id,
      name,
      waiting,
      callbacks: Math.floor(Math.random() ** 3 * 6),
      longest_since: waiting ? this.now() - Math.floor(Math.random() * 180) * SECOND : null,
      ready: Math.floor(Math.random() * 9),
      connected,
      abandoned,
      timed_out,
      short: Math.floor(abandoned / 3),
      offered,
      service_level: offered ? (connected / offered) * (0.8 + Math.random() * 0.2) : null,
      answer_us_average: connected ? Math.floor(Math.random() * 40 * SECOND) : null,
      abandonment_rate: offered ? abandoned / offered : null,
    }
  }
}

/**
 * A made-up backend for `npm run mock`: the REST routes and live messages that the pages use, filled with generated
 * agents and calls. Not part of the product. MOCK_AGENTS says how many agents (default 1000, 0 for none).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server, type Socket } from 'socket.io'
import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { call, calls, live, story } from './mockCalls.ts'
import { MockWorld } from './mockWorld.ts'

type Reply = { status: number; body?: unknown }

const fail = (status: number, id: string, message: string): Reply => ({ status, body: { error: { id, message, fields: {} } } })

export function mockBackend(): Plugin {
  return {
    name: 'mock-backend',
    configureServer: attach,
    configurePreviewServer: attach,
  }
}

function attach(server: ViteDevServer | PreviewServer): void {
  const world = new MockWorld(Number(process.env.MOCK_AGENTS ?? 1000))
  serveBoards(new Server(server.httpServer as never, { path: '/socket.io' }), world)
  server.middlewares.use('/api/v1', (request, response) => void answer(world, request, response))
}

function serveBoards(sockets: Server, world: MockWorld): void {
  sockets.on('connection', (socket: Socket) => {
    socket.emit('me', world.own())
    socket.on('watch', ({ board }: { board: 'seats' | 'queues' }, reply: (snapshot: unknown) => void) => {
      void socket.join(board)
      reply(world.snapshot(board))
    })
    socket.on('unwatch', ({ board }: { board: string }) => void socket.leave(board))
  })
  setInterval(() => {
    for (const [board, delta] of world.step()) sockets.to(board).emit(board, delta)
  }, 200)
  setInterval(() => sockets.emit('pulse', { sequence: world.sequence, now: world.now() }), 1000)
  world.onOwn = () => sockets.emit('me', world.own())
}

async function answer(world: MockWorld, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = chunks.length ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>) : {}
  const url = new URL(request.url ?? '/', 'http://mock')
  const reply = route(world, `${request.method} ${url.pathname}`, url.searchParams, body)
  response.writeHead(reply.status, { 'Content-Type': 'application/json' })
  response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
}

function route(world: MockWorld, what: string, query: URLSearchParams, body: Record<string, string>): Reply {
  if (what === 'POST /session') return logIn(world, body)
  if (what === 'GET /session/who') return { status: 200, body: { session: world.loggedIn ? world.session() : null } }
  if (!world.loggedIn) return fail(401, 'not_logged_in', 'Log in first.')
  if (what === 'GET /agents') return { status: 200, body: world.names('seats') }
  if (what === 'GET /queues') return { status: 200, body: world.names('queues') }
  if (what === 'PATCH /session') return { status: 200, body: world.session() }
  if (what === 'DELETE /session') {
    world.loggedIn = false
    return { status: 204 }
  }
  const action = /^(?:POST|PUT) \/agents\/([^/]+)\/(.+)$/.exec(what)
  if (action) return act(world, decodeURIComponent(action[1] as string), action[2] as string, body)
  if (what === 'GET /form-choices') return { status: 200, body: { dispositions: [], tags: [], free_tags: true } }
  if (what === 'GET /calls') return { status: 200, body: calls(query) }
  if (what === 'GET /calls/live') return { status: 200, body: live(world) }
  const told = /^GET \/calls\/(.+)\/story$/.exec(what)
  if (told) return story(told[1] as string) ?? fail(404, 'not_found', 'There is nothing here by that name.')
  const one = /^GET \/calls\/(.+)$/.exec(what)
  if (one) return call(one[1] as string) ?? fail(404, 'call_not_found', 'There is no such call.')
  return fail(404, 'not_found', `Nothing answers ${what}.`)
}

function logIn(world: MockWorld, body: Record<string, string>): Reply {
  if (body.password === 'wrong') return fail(401, 'bad_credentials', 'User name or password is wrong.')
  world.loggedIn = true
  return { status: 200, body: world.session() }
}

function act(world: MockWorld, id: string, action: string, body: Record<string, string>): Reply {
  const seat = world.seats.get(id)
  if (!seat) return fail(404, 'agent_not_found', 'There is no such agent.')
  if (seat.state === 'ringing' || seat.state === 'in_call')
    return fail(409, 'agent_engaged', `${seat.name} is ringing or in a call: try again afterwards.`)
  world.act(seat, action, body)
  return { status: 200, body: world.own() }
}

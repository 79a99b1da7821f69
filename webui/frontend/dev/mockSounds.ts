import type { Plugin } from 'vite'

/** Prompts and music of the made-up backend: every one is the same second of a tone. */

const RATE = 8000
const version = (ms: number, change: object = {}) => ({ number: 1, source: 'file', text: '', language: '', voice: '', file_name: 'recording.wav', status: 'ready', error: null, ms, ...change })
const sound = (id: string, name: string, kind: string, ms: number, change: object = {}) => ({ id, name, kind, current: version(ms), draft: null, used_by: [{ where: 'queue', id: 'sales', name: '售前咨询' }], updated: 0, ...change })
const text = { source: 'text', text: '您好，欢迎致电。', language: 'zh', number: 2 }
const sounds = [
  sound('welcome', '欢迎语', 'prompt', 6200),
  sound('wait', '排队提示', 'prompt', 4100, { draft: version(5200, text) }),
  sound('busy', '坐席全忙', 'prompt', 3900, { used_by: [] }),
  sound('closed', '下班提示', 'prompt', 5400, { draft: version(0, { ...text, status: 'failed', error: { message: 'The speech engine has no Chinese voice.' } }) }),
  sound('piano', '钢琴曲', 'music', 92_000),
]
const voices = ['zh', 'en'].map((language) => ({ language, voices: ['default'], error: null }))

export function mockSounds(): Plugin {
  return {
    name: 'mock-sounds',
    configureServer(server) {
      server.middlewares.use('/api/v1/prompts', (request, response) => {
        const audio = request.url?.includes('/audio')
        response.writeHead(200, { 'Content-Type': audio ? 'audio/wav' : 'application/json' })
        response.end(audio ? tone() : JSON.stringify({ items: request.url === '/voices' ? voices : sounds }))
      })
    },
  }
}

/** A second of 440 Hz as a wav file: the 44 bytes of its head, then 16-bit samples. */
function tone(): Buffer {
  const samples = Buffer.alloc(RATE * 2)
  for (let n = 0; n < RATE; n += 1) samples.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 440 * n) / RATE)), n * 2)
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  for (const [value, at, size] of [[16, 16, 4], [1, 20, 2], [1, 22, 2], [RATE, 24, 4], [RATE * 2, 28, 4], [2, 32, 2], [16, 34, 2], [samples.length, 40, 4]] as const) head.writeUIntLE(value, at, size) // prettier-ignore
  head.write('data', 36)
  return Buffer.concat([head, samples])
}

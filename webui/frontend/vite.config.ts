import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { mockBackend } from './dev/mockBackend.ts'
import { mockBlacklist } from './dev/mockBlacklist.ts'
import { mockConfiguration } from './dev/mockConfiguration.ts'
import { mockSounds } from './dev/mockSounds.ts'

/** Where `npm run dev` finds the product's web process. */
const backend = process.env.ZUOXI_WEB ?? 'http://127.0.0.1:8000'

export default defineConfig(({ mode }) => ({
  plugins: [vue(), ...(mode === 'mock' ? [mockConfiguration(), mockSounds(), mockBlacklist(), mockBackend()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../static',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: '127.0.0.1',
    proxy:
      mode === 'mock'
        ? undefined
        : { '/api': { target: backend }, '/socket.io': { target: backend, ws: true } },
  },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
}))

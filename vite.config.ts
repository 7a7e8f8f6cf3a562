import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { frameSources } from './vite.frames.config.ts'
import { visitorSources } from './vite.visitor.config.ts'
import { leanSurfaces } from './src/visitor/lean-surfaces-plugin.ts'
import { slimFonts } from './src/web/slim-fonts-plugin.ts'
import { contractRoutes } from './src/web/contract-plugin.ts'

const server = process.env.PARLEY_SERVER ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: 'src/web',
  plugins: [react(), contractRoutes(), slimFonts(), leanSurfaces(), visitorSources(import.meta.dirname), frameSources(import.meta.dirname)],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows neither inline scripts nor data: fonts; every asset is a file with a hashed name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    // What runs in a frame without an origin asks for its modules as nobody.
    cors: { origin: [/^https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?$/, 'null'] },
    proxy: { '/api': { target: server }, '/ws': { target: server, ws: true } },
  },
})

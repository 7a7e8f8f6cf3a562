import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './request.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
}

/** What is asked for by other origins: the widget and its parts by other sites, scripts of frames by nobody. */
const shared = /^\/(?:widget\.js$|visitor\/|assets\/visitor\/|frames\/|assets\/frames\/)/

/** Documents that our own pages frame. They run as nobody: without cookies, storage or connections, whatever they are talked into. */
const framed = /^\/frames\/.*\.html$/
const framedPolicy =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
/** What runs what a model wrote. Nothing is loaded, not even from here; scripts and styles are those that stand in it. */
const artifact = '/frames/artifact.html'
const artifactPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; webrtc 'block'; sandbox allow-scripts"

interface StaticFile {
  path: string
  type: string
  etag: string
  isImmutable: boolean
  /** The precompressed variants beside it, best first. */
  encodings: { name: 'br' | 'gzip'; path: string }[]
}

/**
 * The files below a directory as they were at the start, so that no request can name another path. Files in `assets/` carry a hash in their
 * name and never change. Any other page address answers with `index.html`, whose script reads the address.
 */
export async function staticFiles(dir: string): Promise<MiddlewareHandler<HttpEnv>> {
  const files = await index(dir)
  const page = files.get('/index.html')
  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next()
    const known = files.get(c.req.path === '/' ? '/index.html' : c.req.path)
    const file = known ?? (wantsPage(c.req.header('accept'), c.req.path) ? page : undefined)
    if (!file) return next()

    c.set('route', 'static')
    c.header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    c.header('etag', file.etag)
    c.header('vary', 'accept-encoding')
    if (shared.test(c.req.path)) {
      c.header('access-control-allow-origin', '*')
      c.header('cross-origin-resource-policy', 'cross-origin')
    }
    if (framed.test(c.req.path)) {
      c.header('content-security-policy', c.req.path === artifact ? artifactPolicy : framedPolicy)
      c.header('x-dns-prefetch-control', 'off')
      c.header('x-frame-options', 'SAMEORIGIN')
    }
    if (c.req.header('if-none-match')?.includes(file.etag)) return c.body(null, 304)
    const accepted = c.req.header('accept-encoding') ?? ''
    const encoding = file.encodings.find(({ name }) => new RegExp(`\\b${name}\\b`).test(accepted))
    if (encoding) c.header('content-encoding', encoding.name)
    c.header('content-type', file.type)
    return c.body(new Uint8Array(await readFile(encoding?.path ?? file.path)))
  }
}

function wantsPage(accept: string | undefined, path: string): boolean {
  return (accept?.includes('text/html') ?? false) && !/^\/(api|v1|ws|mcp|hooks)(\/|$)/.test(path)
}

async function index(dir: string): Promise<Map<string, StaticFile>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = new Set(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)))
  const files = new Map<string, StaticFile>()
  for (const path of paths) {
    const type = types[extname(path)]
    if (!type) continue
    const address = `/${relative(dir, path).split(sep).join('/')}`
    const encodings: StaticFile['encodings'] = []
    if (paths.has(`${path}.br`)) encodings.push({ name: 'br', path: `${path}.br` })
    if (paths.has(`${path}.gz`)) encodings.push({ name: 'gzip', path: `${path}.gz` })
    const isImmutable = address.startsWith('/assets/')
    // The name of an immutable file holds its hash already.
    const etag = isImmutable
      ? `"${address}"`
      : `"${createHash('sha256')
          .update(await readFile(path))
          .digest('base64url')
          .slice(0, 22)}"`
    files.set(address, { path, type, etag, isImmutable, encodings })
  }
  return files
}

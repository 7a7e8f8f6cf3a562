import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { buildServer } from './build-server.ts'
import { compressFiles } from './compress-files.ts'

const root = dirname(import.meta.dirname)

/** Builds into a folder of its own and puts it in place at the end, so that a failed build leaves the last good one standing. */
async function build() {
  const startedAt = performance.now()
  // As deep as dist, so that the source maps' relative paths stay true when it moves.
  const fresh = join(root, `dist-${process.pid}`)
  const old = `${fresh}-old`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true })
  try {
    await Promise.all([buildServer(root, join(fresh, 'server')), buildWeb(join(fresh, 'web'))])
    if (existsSync(join(root, 'dist'))) await rename(join(root, 'dist'), old)
    await rename(fresh, join(root, 'dist'))
  } finally {
    await Promise.all([fresh, old].map((folder) => rm(folder, { recursive: true, force: true })))
  }
  await import('./prepare-data-dir.ts') // the embedded database's first data directory; it looks for the finished dist
  console.log(`Built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`)
}

async function buildWeb(outDir: string) {
  const vite = await import('vite')
  await vite.build({
    root: join(root, 'src/web'),
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  })
  await buildVisitor(outDir)
  await buildFrames(outDir)
  await compressFiles(outDir)
}

/** What draws diagrams, apart from the app. */
async function buildFrames(outDir: string) {
  const [vite, { framesBuild }] = await Promise.all([import('vite'), import('../vite.frames.config.ts')])
  const config = framesBuild(root)
  await vite.build({ ...config, logLevel: 'warn', build: { ...config.build, outDir } })
}

/** What visitors of public pages load, beside the web app. */
async function buildVisitor(outDir: string) {
  const [vite, { visitorBuild, visitorEntries }] = await Promise.all([import('vite'), import('../vite.visitor.config.ts')])
  for (const name of Object.keys(visitorEntries) as (keyof typeof visitorEntries)[]) {
    const config = visitorBuild(root, name)
    await vite.build({ ...config, logLevel: 'warn', build: { ...config.build, outDir } })
  }
}

try {
  await build()
} catch (error) {
  console.error(stripVTControlCharacters(error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
}

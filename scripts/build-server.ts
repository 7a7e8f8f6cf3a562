import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import * as esbuild from 'esbuild'

/** Packages that find their own files (WebAssembly, weights, extensions) beside themselves, or that load others by a computed name. */
const external = [
  '@electric-sql/pglite',
  '@electric-sql/pglite-pgvector',
  '@energetic-ai/*',
  'pyodide',
  'quickjs-emscripten',
  'pg-native',
  'bufferutil',
  'utf-8-validate',
]

/**
 * One folder, flat: an entry `main`, `cli`, one per worker file, and the chunks they share or load lazily. Bundling is what makes the server
 * start quickly: unbundled, its imports alone take two to three seconds.
 */
export async function buildServer(root: string, outdir: string) {
  const workers: string[] = []
  for await (const file of glob('src/server/**/*worker.ts', { cwd: root })) workers.push(file)
  const entries: Record<string, string> = {
    main: 'src/server/main.ts',
    ...(existsSync(`${root}/src/cli/main.ts`) && { cli: 'src/cli/main.ts' }),
  }
  for (const worker of workers) entries[basename(worker, '.ts')] = worker
  if (workers.some((worker) => entries[basename(worker, '.ts')] !== worker))
    throw new Error('Two worker files have the same name, or one is called main or cli.')

  await esbuild.build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    splitting: true,
    chunkNames: '[name]-[hash]',
    external,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS packages inside an ES module bundle still call require for Node's own modules.
    banner: { js: "import { createRequire as requireOfBundle } from 'node:module'; const require = requireOfBundle(import.meta.url);" },
    plugins: [workerAddresses],
  })
}

/** A worker is started by `new URL('./db-worker.ts', import.meta.url)`; in the bundle it lies beside every chunk, as `db-worker.js`. */
const workerAddresses: esbuild.Plugin = {
  name: 'worker-addresses',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes('worker.ts')) return undefined
      const contents = source.replaceAll(
        /new URL\('[./\w-]*?([\w-]*worker)\.ts', import\.meta\.url\)/g,
        "new URL('./$1.js', import.meta.url)",
      )
      return { contents, loader: 'ts' }
    })
  },
}

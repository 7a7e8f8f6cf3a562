import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const projectRoot = join(import.meta.dirname, '../..')

/** What the linter must refuse (and where the same is right): file, source, and the rule by which it is caught or null. */
const examples: [what: string, file: string, source: string, rule: string | null][] = [
  [
    'the environment outside config.ts',
    'src/server/platform/db/reads-env.ts',
    'export const x = process.env.PORT',
    'no-restricted-properties',
  ],
  ['the environment in config.ts', 'src/server/config.ts', 'export const x = process.env.PORT', null],
  [
    'fetch on the server',
    'src/server/features/notes/fetches.ts',
    `export const x = () => fetch('https://example.org')`,
    'no-restricted-globals',
  ],
  ['fetch in the egress client', 'src/server/platform/egress/fetches.ts', `export const x = () => fetch('https://example.org')`, null],
  [
    'undici on the server',
    'src/server/features/notes/undici.ts',
    `import { request } from 'undici'\nexport const x = request`,
    'no-restricted-imports',
  ],
  ['a type of undici', 'src/server/features/notes/undici-type.ts', `import type { Agent } from 'undici'\nexport type X = Agent`, null],
  [
    'requests by node:http',
    'src/server/platform/db/http.ts',
    `import { request } from 'node:http'\nexport const x = request`,
    'no-restricted-imports',
  ],
  ['all of node:https', 'src/cli/https.ts', `import https from 'node:https'\nexport const x = https.get`, 'no-restricted-imports'],
  [
    'serving by node:http',
    'src/server/platform/http/serve.ts',
    `import { createServer } from 'node:http'\nexport const x = createServer`,
    null,
  ],
  ['Node in the web app', 'src/web/node.ts', `import { join } from 'node:path'\nexport const x = join`, 'no-restricted-imports'],
  ['what only https has, in the web app', 'src/web/random.ts', 'export const x = () => crypto.randomUUID()', 'no-restricted-properties'],
  [
    'a promise that nobody waits for',
    'src/server/floats.ts',
    'async function save() {}\nexport function x() {\n  save()\n}',
    'no-floating-promises',
  ],
  ['a promise where none is expected', 'src/server/misuses.ts', 'export const x = [1].forEach(async () => {})', 'no-misused-promises'],
  ['any', 'src/server/any.ts', 'export const x: any = 1', 'no-explicit-any'],
  ['a silenced type error', 'src/server/silenced.ts', '// @ts-ignore\nexport const x: string = 1', 'ban-ts-comment'],
  ['printing on the server', 'src/server/prints.ts', `console.log('x')`, 'no-console'],
  ['a default export', 'src/server/default.ts', 'export default 1', 'no-default-export'],
  ['a skipped test', 'src/server/skipped.test.ts', `import { test } from 'vitest'\ntest.skip('x', () => {})`, 'no-disabled-tests'],
  ['a picture without a text', 'src/web/picture.tsx', `export const X = () => <img src="x.png" />`, 'alt-text'],
]

let root: string
let found: { filename: string; code: string }[]

beforeAll(async () => {
  await mkdir(join(projectRoot, '.cache'), { recursive: true })
  root = await mkdtemp(join(projectRoot, '.cache/lint-'))
  await mkdir(join(root, '.git')) // its own project: what this one's .gitignore says does not count
  for (const file of ['.oxlintrc.json', 'tsconfig.json']) await copyFile(join(projectRoot, file), join(root, file))
  for (const [, file, source] of examples) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), source)
  }
  const oxlint = join(projectRoot, 'node_modules/.bin/oxlint')
  const output = await new Promise<string>((resolve) => {
    execFile(oxlint, ['--type-aware', '--no-ignore', '--format', 'json'], { cwd: root, maxBuffer: 2 ** 24 }, (_error, stdout) =>
      resolve(stdout),
    )
  })
  found = (JSON.parse(output) as { diagnostics: typeof found }).diagnostics
}, 30_000)

afterAll(() => rm(root, { recursive: true, force: true }))

test.each(examples)('%s (%s)', (_what, file, _source, rule) => {
  const rules = found.filter(({ filename }) => filename === file).map(({ code }) => /\(([^)]+)\)$/.exec(code)?.[1])
  if (rule === null) expect(rules).toEqual([])
  else expect(rules).toContain(rule)
})

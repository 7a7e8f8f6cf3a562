import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkDependencies, type Violation } from '../../scripts/check-dependencies.ts'
import { dependencyRules } from '../../scripts/dependency-rules.ts'

// A project in miniature. Whatever is imported here exists, and every file but those below under `failing` keeps the rules.
const sound = {
  'package.json': '{ "dependencies": { "zod": "*" }, "devDependencies": { "vitest": "*" } }',
  'src/contract/notes.ts': `import { z } from 'zod'\nexport const Note = z.string()`,
  'src/server/platform/db/index.ts': `export type Db = string\nexport { open } from './open.ts'`,
  'src/server/features/notes/tables.ts': `export const table = 'note'`,
  'src/server/platform/db/open.ts': `import type { Db } from './index.ts'\nexport const open = (): Db => 'db'`,
  'src/server/features/notes/store.ts': `import type { Db } from '../../platform/db/index.ts'\nimport { table } from './tables.ts'\nexport const find = (db: Db) => db + table`,
  'src/server/features/notes/get-note.ts': `import { Note } from '../../../contract/notes.ts'\nimport { find } from './store.ts'\nexport const getNote = () => Note.parse(find('db'))`,
  'src/server/features/notes/routes.ts': `import { getNote } from './get-note.ts'\nexport const routes = { getNote }`,
  'src/server/features/notes/index.ts': `export { getNote } from './get-note.ts'`,
  'src/server/features/books/list-books.ts': `import { getNote } from '../notes/index.ts'\nexport const listBooks = () => [getNote()]`,
  'src/server/features/books/index.ts': `export { listBooks } from './list-books.ts'`,
  'src/server/app.ts': `import { routes } from './features/notes/routes.ts'\nexport const app = { routes }`,
  'src/server/main.ts': `import { app } from './app.ts'\nexport const main = () => app`,
  'src/web/main.tsx': `import { Note } from '../contract/notes.ts'\nexport const shown = Note`,
  'src/markdown/index.ts': `export const read = 'text'`,
  'src/page/html.ts': `import { Note } from '../contract/notes.ts'\nimport { read } from '../markdown/index.ts'\nexport const html = [Note, read]`,
  'src/page/index.ts': `export { html } from './html.ts'`,
  'src/visitor/surface/index.ts': `export const draw = 'surface'`,
  'src/visitor/chat.ts': `import { html } from '../page/index.ts'\nexport const chat = html`,
  'src/web/surface-view.ts': `import { draw } from '../visitor/surface/index.ts'\nexport const view = draw`,
  'src/server/features/pages/preview-page.ts': `import { html } from '../../../page/index.ts'\nexport const preview = html`,
  'src/web/main.test.ts': `import { getNote } from '../server/features/notes/get-note.ts'\nimport { test } from 'vitest'\ntest('x', getNote)`,
  'test/support/start.ts': `import { main } from '../../src/server/main.ts'\nexport async function start() {\n  await using opened = new AsyncDisposableStack()\n  return main()\n}`,
}

/** One or more ways to break each rule: the file that breaks it and its import. */
const failing: Record<string, [file: string, imports: string, of?: 'type'][]> = {
  'no-cycles': [
    ['src/server/features/books/one.ts', './two.ts'],
    ['src/server/features/books/two.ts', './one.ts'],
  ],
  'no-cycles-between-folders': [
    ['src/server/features/north/index.ts', '../south/index.ts', 'type'],
    ['src/server/features/south/index.ts', '../north/index.ts', 'type'],
  ],
  'contract-stands-alone': [
    ['src/contract/uses-server.ts', '../server/platform/db/index.ts'],
    ['src/contract/uses-node.ts', 'node:fs'],
  ],
  'markdown-stands-alone': [['src/markdown/knows-notes.ts', '../contract/notes.ts']],
  'markdown-is-entered-through-its-door': [['src/web/reads-inside.ts', '../markdown/knows-notes.ts']],
  'web-knows-the-contract-only': [
    ['src/web/reaches-over.ts', '../server/features/notes/get-note.ts'],
    ['src/visitor/reaches-over.ts', '../server/features/notes/get-note.ts'],
  ],
  'clients-share-what-is-meant-to-be-shared': [
    ['src/web/chats.ts', '../visitor/chat.ts'],
    ['src/visitor/draws-app.ts', '../web/main.tsx'],
  ],
  'server-does-not-import-web': [
    ['src/server/serves.ts', '../web/main.tsx'],
    ['src/page/draws-surface.ts', '../visitor/surface/index.ts'],
  ],
  'page-is-entered-through-its-door': [['src/server/features/pages/show-page.ts', '../../../page/html.ts']],
  'only-their-feature-draws-pages': [
    ['src/server/features/books/draws.ts', '../../../page/index.ts'],
    ['src/web/draws-page.ts', '../page/index.ts'],
  ],
  'platform-knows-no-feature': [
    ['src/server/platform/db/knows-notes.ts', '../../features/notes/index.ts'],
    ['src/server/platform/db/knows-app.ts', '../../app.ts'],
  ],
  'features-meet-through-their-door': [['src/server/features/books/burglar.ts', '../notes/get-note.ts']],
  'features-are-entered-through-their-door': [['src/server/deps.ts', './features/notes/get-note.ts']],
  'features-do-not-know-the-app': [['src/server/features/books/upwards.ts', '../../main.ts']],
  'surfaces-call-operations': [
    ['src/server/features/notes/jobs.ts', './store.ts'],
    ['src/server/features/books/routes.ts', './page-store.ts'],
  ],
  'operations-do-not-know-routes': [['src/server/features/notes/rename-note.ts', './routes.ts']],
  'stores-are-at-the-bottom': [['src/server/features/books/page-store.ts', './list-books.ts']],
  'sources-do-not-import-tests': [
    ['src/server/cheats.ts', '../../test/support/start.ts'],
    ['src/web/cheats.ts', './main.test.ts'],
  ],
  'no-development-packages': [['src/server/platform/db/uses-vitest.ts', 'vitest']],
  'nothing-unresolved': [['src/server/platform/db/lost.ts', './not-there.ts']],
}

/** Inside the project, so that the packages resolve. */
const projectRoot = join(import.meta.dirname, '../..')
let root: string
let violations: Violation[]

async function write(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

beforeAll(async () => {
  await mkdir(join(projectRoot, '.cache'), { recursive: true })
  root = await mkdtemp(join(projectRoot, '.cache/architecture-'))
  await write(sound)
  for (const [file, imports] of Object.values(failing).flat())
    await write({ [file]: `import * as x from '${imports}'\nexport const y = x` })
  violations = (await checkDependencies(root, ['src', 'test'])).violations
})

afterAll(() => rm(root, { recursive: true, force: true }))

test('every rule has a failing example', () => {
  expect(Object.keys(failing)).toEqual(dependencyRules.forbidden.map(({ name }) => name))
})

test.each(Object.entries(failing))('%s', (rule, examples) => {
  const caught = violations.filter((violation) => violation.rule === rule).map(({ from }) => from)
  const isCycle = rule.startsWith('no-cycles') // which is one violation, reported at one of its files
  const files = examples.map(([file]) => file)
  if (isCycle) expect(files).toContain(caught[0])
  else expect(caught).toEqual(expect.arrayContaining(files))
})

test('what keeps the rules is left alone', () => {
  const blamed = new Set(violations.map(({ from }) => from))
  expect(Object.keys(sound).filter((file) => blamed.has(file))).toEqual([])
})

test('a source that was not read fails the check instead of passing it', async () => {
  await write({ 'other/unread.ts': 'export const x = (' })
  await expect(checkDependencies(root, ['other'])).rejects.toThrow(/unread|expected/i)
})

// How long after its tool has returned a visitor sees the first surface: a fresh browser each time, which loads the renderer only then.
//   node bench/first-surface.ts [--rounds 20]
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import pg from 'pg'
import { json, percentile } from './client.ts'
import { openStage } from './stage.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, entry: { type: 'string', default: 'dist/server/main.js' } },
})

await using stage = await openStage('postgres', values.entry)
const call = <T>(method: string, path: string, body?: object) =>
  json<T>({ url: stage.url + path, method, headers: stage.headers, ...(body && { body }) })
const page = await call<{ id: string }>('POST', `/api/workspaces/${stage.workspaceId}/page`, { slug: 'bench-page', displayName: 'Bench' })
for (let index = 0; index < 8; index++)
  await call('POST', `/api/pages/${page.id}/links`, { title: `Link ${index}`, url: 'https://example.org/', description: 'Where it leads' })
await call('PATCH', `/api/pages/${page.id}`, { isPublished: true })
await call('PATCH', `/api/pages/${page.id}/bot`, { isEnabled: true, agentId: await stage.newAgent('test-10x0') })

const database = new pg.Client({ connectionString: stage.databaseUrl })
await database.connect()
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
const times: number[] = []
try {
  for (let round = -2; round < Number(values.rounds); round++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const window = await context.newPage()
    await window.goto(`${stage.url}/@bench-page`, { waitUntil: 'networkidle' })
    const question = `links [[${JSON.stringify({ toolRounds: [[{ name: 'show_links', arguments: {} }]], text: 'Here they are.', delayMs: 50 })}]]`
    await window.getByRole('textbox').fill(question)
    await window.keyboard.press('Enter')
    await window.locator('.chat').getByText('Link 7').first().waitFor()
    const seenAt = performance.timeOrigin + performance.now()
    await window.waitForTimeout(1_000)
    const { rows } = await database.query<{ at: number }>(
      'select extract(epoch from finished_at)::float8 * 1000 as at from tool_call where finished_at is not null order by finished_at desc limit 1',
    )
    if (round >= 0) times.push(seenAt - rows[0]!.at)
    await context.close()
  }
} finally {
  await browser.close()
  await database.end()
}
console.log(
  `from the tool's result to its surface on the screen, ${times.length} fresh browsers: p50 ${percentile(times, 0.5).toFixed(0)} ms  worst ${Math.max(...times).toFixed(0)} ms`,
)

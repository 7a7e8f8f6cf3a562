// A conversation of 10,000 messages: how long it takes to open on the server and in the browser, and whether scrolling through it stays smooth.
//   node bench/long-conversation.ts [--messages 10000]
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import pg from 'pg'
import { json, percentile } from './client.ts'
import { openStage } from './stage.ts'

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '10000' }, entry: { type: 'string', default: 'dist/server/main.js' } },
})
const count = Number(values.messages)

/** What `count / 2` turns would have left behind, in one statement: a chain of questions and answers on one branch. */
const fill = `
  with c as (select * from conversation where id = $1), b as (
    insert into branch (id, workspace_id, conversation_id, fork_depth) select gen_random_uuid(), workspace_id, id, 0 from c returning id
  ), ids as (
    select n, gen_random_uuid() as id from generate_series(0, $2 - 1) n
  ), chained as (
    select n, id, lag(id) over (order by n) as parent_id from ids
  ), written as (
    insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts)
    select chained.id, c.workspace_id, c.id, chained.parent_id, b.id, n, n + 1, c.owner_id, case n % 2 when 0 then 'user' else 'assistant' end,
      jsonb_build_array(jsonb_build_object('type', 'text', 'step', n % 2, 'text', case n % 2
        when 0 then 'Question ' || n || ': how does this go on?'
        else 'Answer ' || n || E'. It has **some** emphasis, a list and a block of code.\\n\\n- one\\n- two\\n\\n\`\`\`ts\\nconst n = ' || n || E'\\n\`\`\`\\n\\n' || repeat('And a sentence that fills the line. ', 3 + n % 12) end))
    from chained, c, b
  )
  update conversation set head_id = (select id from ids order by n desc limit 1), next_serial = $2 + 1, title = 'A long conversation' where id = $1`

await using stage = await openStage('postgres', values.entry)
const database = new pg.Client({ connectionString: stage.databaseUrl })
await database.connect()
const [long, short] = [await stage.newConversation(), await stage.newConversation()]
await database.query(fill, [long, count])
await database.query(fill, [short, 50])
await database.query('analyze message')
await database.end()

async function open(conversationId: string, before?: number): Promise<number> {
  const startedAt = performance.now()
  await json({
    url: `${stage.url}/api/conversations/${conversationId}/messages?limit=50${before ? `&before=${before}` : ''}`,
    method: 'GET',
    headers: stage.headers,
  })
  return performance.now() - startedAt
}
const times: Record<string, number[]> = { 'one window long': [], [`${count} messages`]: [], [`${count} messages, in the middle`]: [] }
for (let round = -20; round < 100; round++) {
  const measured = [await open(short), await open(long), await open(long, Math.floor(count / 2))]
  if (round >= 0) Object.values(times).forEach((list, index) => list.push(measured[index]!))
}
for (const [name, list] of Object.entries(times))
  console.log(`server, ${name}: p50 ${percentile(list, 0.5).toFixed(1)} ms  p99 ${percentile(list, 0.99).toFixed(1)} ms`)

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const [name, value] = stage.headers['cookie']!.split('=')
  await context.addCookies([{ name: name!, value: value!, url: stage.url }])
  const page = await context.newPage()
  await page.goto(stage.url)
  await page.getByRole('link', { name: 'A long conversation' }).first().waitFor()
  const opens: number[] = []
  for (let round = 0; round < 6; round++) {
    await page.goto(stage.url)
    const link = page.locator(`a[href*="${long}"]`).first()
    await link.waitFor()
    await page.waitForTimeout(500)
    const startedAt = performance.now()
    await link.click()
    await page
      .getByText(`Answer ${count - 1}.`)
      .first()
      .waitFor()
    if (round > 0) opens.push(performance.now() - startedAt)
  }
  console.log(
    `browser, from the click to the last message: p50 ${percentile(opens, 0.5).toFixed(0)} ms  worst ${Math.max(...opens).toFixed(0)} ms`,
  )

  await page.evaluate(() => {
    const frames: number[] = []
    Object.assign(globalThis, { frames })
    let last = performance.now()
    const tick = (now: number) => {
      frames.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await page.mouse.move(800, 400)
  for (let step = 0; step < 200; step++) {
    await page.mouse.wheel(0, -600)
    await page.waitForTimeout(16)
  }
  const frames = (await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames)).slice(5)
  console.log(
    `browser, scrolling up: ${frames.length} frames, p50 ${percentile(frames, 0.5).toFixed(1)} ms, p99 ${percentile(frames, 0.99).toFixed(1)} ms, worst ${Math.max(...frames).toFixed(1)} ms, over 50 ms: ${frames.filter((frame) => frame > 50).length}`,
  )
} finally {
  await browser.close()
}

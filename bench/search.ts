// Search over the messages of one person: what a keystroke takes while their number grows to a million.
//   node bench/search.ts [--messages 1000000] [--entry src/server/main.ts]
import { parseArgs } from 'node:util'
import pg from 'pg'
import { modelMark, monthMark, ownerMark } from '../src/server/features/search/scope.ts'
import { vectorOf } from '../src/server/features/search/words.ts'
import { newId } from '../src/server/platform/ids.ts'
import { json, percentile } from './client.ts'
import { madeUpText } from './made-up-text.ts'
import { openStage } from './stage.ts'

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '1000000' }, entry: { type: 'string', default: 'dist/server/main.js' } },
})
const count = Number(values.messages)
const perConversation = 50
const atOnce = 5_000
const days = 730

const { random, words, textOf: wordsOf } = madeUpText(42, 60_000)
const textOf = () => wordsOf(20 + Math.floor(random() * 140))

await using stage = await openStage('postgres', values.entry)
const database = new pg.Client({ connectionString: stage.databaseUrl })
await database.connect()
const { rows } = await database.query<{ owner_id: string }>('select owner_id from conversation where id = $1', [
  await stage.newConversation(),
])
const ownerId = rows[0]!.owner_id
const modelId = stage.modelIds['test-10x0']!

console.log(`writing ${count} messages`)
await database.query('drop index message_text_words; alter table message_text disable trigger all; alter table message disable trigger all')
for (let from = 0; from < count; from += atOnce) {
  const batch = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => {
    const at = new Date(Date.now() - ((count - from - index) / count) * days * 86_400_000)
    const text = textOf()
    const marks = [ownerMark(ownerId), monthMark(at), ...(index % 3 === 0 ? [modelMark(modelId)] : [])].map((mark) => `'${mark}'`).join(' ')
    return { id: newId(), n: from + index, at, text, words: `${vectorOf(text)} ${marks}` }
  })
  await database.query(
    `with given as (
      select * from jsonb_to_recordset($1::jsonb) as g (id uuid, n int, at timestamptz, text text, words tsvector)
    ), numbered as (
      select g.*, overlay(overlay(md5('conversation' || n / $5) placing '7' from 13) placing '8' from 17)::uuid as conversation_id, n % $5 as depth from given g
    ), opened as (
      insert into conversation (id, workspace_id, owner_id, source, title, next_serial, created_at, updated_at)
      select conversation_id, $3, $2, 'web', 'A conversation', $5 + 1, min(at), max(at) from numbered group by 1 on conflict do nothing
    ), done as (
      insert into indexed_conversation select distinct conversation_id, $3::uuid, $5::int from numbered on conflict do nothing
    ), written as (
      insert into message (id, workspace_id, conversation_id, branch_id, depth, serial, author_id, role, parts, created_at)
      select id, $3, conversation_id, conversation_id, depth, depth + 1, $2, case depth % 2 when 0 then 'user' else 'assistant' end,
        jsonb_build_array(jsonb_build_object('type', 'text', 'step', 1, 'text', text)), at from numbered
    )
    insert into message_text (message_id, piece, workspace_id, conversation_id, owner_id, model_id, language, created_at, words)
    select id, 0, $3, conversation_id, $2, case when n % 3 = 0 then $4::uuid end, case n % 4 when 0 then 'de' else 'en' end, at, words from numbered`,
    [JSON.stringify(batch), ownerId, stage.workspaceId, modelId, perConversation],
  )
}
const startedAt = performance.now()
await database.query(
  `set maintenance_work_mem = '512MB'; create index message_text_words on message_text using gin (words) with (fastupdate = off)`,
)
console.log(`index built in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
await database.query('vacuum analyze message_text; ').catch(() => {})
await database.query('analyze message; analyze conversation')
const { rows: sizes } = await database.query<{ relation: string; size: string }>(
  `select relname as relation, pg_size_pretty(pg_table_size(oid)) as size from pg_class where relname like 'message%' and relkind in ('r', 'i') order by 1`,
)
for (const { relation, size } of sizes) console.log(`${relation}: ${size}`)
await database.end()

async function search(query: string, filters: Record<string, string> = {}): Promise<number> {
  const input = new URLSearchParams({ query, ...filters })
  const at = performance.now()
  await json({ url: `${stage.url}/api/workspaces/${stage.workspaceId}/search?${input}`, method: 'GET', headers: stage.headers })
  return performance.now() - at
}

const often = () => words[Math.floor(random() * 40)]!
const seldom = () => words[2_000 + Math.floor(random() * 50_000)]!
const month = () => {
  const since = new Date(Date.now() - Math.floor(random() * days) * 86_400_000)
  return { since: since.toISOString(), until: new Date(since.getTime() + 30 * 86_400_000).toISOString() }
}
const kinds: Record<string, () => Promise<number>> = {
  'a word that half of the messages say': () => search(`${often()} `),
  'a rare word': () => search(`${seldom()} `),
  'a frequent and a rare word': () => search(`${often()} ${seldom()} `),
  'two frequent words': () => search(`${often()} ${often()} `),
  'the beginning of a word, 1 to 4 letters': () => search(seldom().slice(0, 1 + Math.floor(random() * 4))),
  'the beginning of a word, 5 letters and more': () => search(seldom().slice(0, 5 + Math.floor(random() * 3))),
  'a rare word and the beginning of another': () => search(`${seldom()} ${seldom().slice(0, 5)}`),
  'a phrase': () => search(`"${often()} ${seldom()}"`),
  'a frequent word of a month': () => search(`${often()} `, month()),
  'a rare word of a model': () => search(`${seldom()} `, { modelId }),
  'a word that nobody said': () => search(`zzz${seldom()} `),
}
const all: number[] = []
for (const [name, measure] of Object.entries(kinds)) {
  const times: number[] = []
  for (let round = -5; round < 60; round++) {
    const ms = await measure()
    if (round >= 0) times.push(ms)
  }
  all.push(...times)
  console.log(
    `${name}: p50 ${percentile(times, 0.5).toFixed(1)} ms  p95 ${percentile(times, 0.95).toFixed(1)} ms  worst ${Math.max(...times).toFixed(1)} ms`,
  )
}
console.log(`all: p50 ${percentile(all, 0.5).toFixed(1)} ms  p95 ${percentile(all, 0.95).toFixed(1)} ms`)

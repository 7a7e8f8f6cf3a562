import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { BotTable } from './tables.ts'

const columns = [
  'page_id',
  'workspace_id',
  'is_enabled',
  'greeting_message',
  'agent_id',
  'enabled_tools',
  'quick_actions',
  'visitor_daily_limit',
  'daily_limit',
  'visit_minutes',
  'allowed_origins',
  'updated_at',
] as const

export type BotRow = Pick<Selectable<BotTable>, (typeof columns)[number]>

const today = sql<Date>`(now() at time zone 'UTC')::date`

/** With the defaults; every page has one from its beginning. */
export async function insertBot(tx: Tx, page: { id: string; workspace_id: string }): Promise<void> {
  await tx.insertInto('bot').values({ page_id: page.id, workspace_id: page.workspace_id, agent_id: null }).execute()
}

export async function findBot(db: Db, pageId: string): Promise<BotRow | undefined> {
  return db.selectFrom('bot').select(columns).where('page_id', '=', pageId).executeTakeFirst()
}

export async function getBot(db: Db | Tx, pageId: string): Promise<BotRow> {
  return db.selectFrom('bot').select(columns).where('page_id', '=', pageId).executeTakeFirstOrThrow()
}

/** Those that do something: a tool that is switched off has no button. */
export function workingActions({
  quick_actions: all,
  enabled_tools: tools,
}: Pick<BotRow, 'quick_actions' | 'enabled_tools'>): BotRow['quick_actions'] {
  return all.filter((action) => action.kind === 'question' || tools.includes(action.tool))
}

export interface BotChange {
  is_enabled?: boolean | undefined
  greeting_message?: string | undefined
  agent_id?: string | null | undefined
  enabled_tools?: string | undefined
  quick_actions?: string | undefined
  visitor_daily_limit?: number | undefined
  daily_limit?: number | undefined
  visit_minutes?: number | undefined
  allowed_origins?: string | undefined
}

export async function updateBot(db: Db | Tx, pageId: string, change: BotChange): Promise<BotRow> {
  return db
    .updateTable('bot')
    .set({ ...change, updated_at: new Date() })
    .where('page_id', '=', pageId)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export async function answersToday(db: Db | Tx, pageId: string): Promise<number> {
  const row = await db.selectFrom('bot_day').select('answers').where('page_id', '=', pageId).where('day', '=', today).executeTakeFirst()
  return row?.answers ?? 0
}

/** Takes one of the day's answers. False: there is none left. */
export async function takeBotAnswer(tx: Tx, bot: { pageId: string; workspaceId: string; dailyLimit: number }): Promise<boolean> {
  const { rows } = await sql`
    insert into bot_day as d (page_id, workspace_id, day, answers) select ${bot.pageId}, ${bot.workspaceId}, ${today}, 1 where ${bot.dailyLimit}::int > 0
    on conflict (page_id, day) do update set answers = d.answers + 1 where d.answers < ${bot.dailyLimit}::int returning answers
  `.execute(tx)
  return rows.length > 0
}

/** Gives one back that was not used after all. */
export async function returnBotAnswer(tx: Tx, pageId: string): Promise<void> {
  await sql`update bot_day set answers = answers - 1 where page_id = ${pageId} and day = ${today} and answers > 0`.execute(tx)
}

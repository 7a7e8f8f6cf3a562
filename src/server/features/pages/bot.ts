import type { z } from 'zod'
import type { Bot, bots } from '../../../contract/bots.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import * as store from './bot-store.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'

type Input = InputOf<(typeof bots)['update']>

export async function getBot(deps: Pick<PagesDeps, 'db'>, actor: Actor, pageId: string) {
  await openPage(deps, actor, 'read', pageId)
  return presentBot(await store.getBot(deps.db, pageId), await store.answersToday(deps.db, pageId))
}

/** What is not named stays. What strangers may do, and what it may cost, is for who may share the page. Error: `agent.not_found`. */
export async function updateBot(deps: Pick<PagesDeps, 'db' | 'assertAgentUsable'>, actor: Actor, { pageId, ...changes }: Input) {
  const page = await openPage(deps, actor, 'update', pageId)
  const { isEnabled, visitorDailyLimit, dailyLimit, allowedOrigins } = changes
  if ([isEnabled, visitorDailyLimit, dailyLimit, allowedOrigins].some((change) => change !== undefined))
    check(actor, 'page', 'share', { workspaceId: page.workspace_id, pageId })
  if (changes.agentId) await deps.assertAgentUsable(actor, changes.agentId, page.workspace_id)
  const row = await store.updateBot(deps.db, pageId, {
    is_enabled: isEnabled,
    greeting_message: changes.greeting,
    agent_id: changes.agentId,
    enabled_tools: changes.enabledTools && JSON.stringify([...new Set(changes.enabledTools)]),
    quick_actions: changes.quickActions && JSON.stringify(changes.quickActions),
    visitor_daily_limit: visitorDailyLimit,
    daily_limit: dailyLimit,
    visit_minutes: changes.visitMinutes,
    allowed_origins: allowedOrigins && JSON.stringify([...new Set(allowedOrigins)]),
  })
  return presentBot(row, await store.answersToday(deps.db, pageId))
}

function presentBot(row: store.BotRow, answersToday: number): z.input<typeof Bot> {
  return {
    pageId: row.page_id,
    isEnabled: row.is_enabled,
    greeting: row.greeting_message,
    agentId: row.agent_id,
    enabledTools: row.enabled_tools,
    quickActions: row.quick_actions,
    visitorDailyLimit: row.visitor_daily_limit,
    dailyLimit: row.daily_limit,
    visitMinutes: row.visit_minutes,
    allowedOrigins: row.allowed_origins,
    answersToday,
    updatedAt: row.updated_at.toISOString(),
  }
}

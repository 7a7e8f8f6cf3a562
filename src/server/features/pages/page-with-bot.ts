import type { BotTool, QuickAction } from '../../../contract/bots.ts'
import { PageTheme } from '../../../contract/pages.ts'
import type { Db } from '../../platform/db/index.ts'
import { findBot, workingActions } from './bot-store.ts'
import { listFaq } from './faq-store.ts'
import { listLinks } from './link-store.ts'
import * as store from './store.ts'

/** A published page and what answers its visitors. */
export interface PageWithBot {
  id: string
  workspaceId: string
  slug: string
  displayName: string
  tagline: string | null
  bio: string | null
  theme: PageTheme
  bot: {
    greeting: string
    agentId: string | null
    enabledTools: BotTool[]
    quickActions: QuickAction[]
    visitorDailyLimit: number
    dailyLimit: number
    visitMinutes: number
    allowedOrigins: string[]
  }
}

/** By its address, or one that it had before: widgets and open tabs name those. Undefined where no such page is public, or where its bot is switched off. */
export async function findPageWithBot(db: Db, slug: string): Promise<PageWithBot | undefined> {
  const page = (await store.findPublished(db, slug)) ?? (await store.findMoved(db, slug))
  const bot = page && (await findBot(db, page.id))
  if (!page || !bot?.is_enabled) return undefined
  return {
    id: page.id,
    workspaceId: page.workspace_id,
    slug: page.slug,
    displayName: page.display_name,
    tagline: page.tagline,
    bio: page.bio,
    theme: PageTheme.parse(page.theme_config),
    bot: {
      greeting: bot.greeting_message,
      agentId: bot.agent_id,
      enabledTools: bot.enabled_tools,
      quickActions: workingActions(bot),
      visitorDailyLimit: bot.visitor_daily_limit,
      dailyLimit: bot.daily_limit,
      visitMinutes: bot.visit_minutes,
      allowedOrigins: bot.allowed_origins,
    },
  }
}

/** What the public page of a workspace holds, as strangers see it. */
export interface PageContents {
  slug: string
  links: readonly { id: string; title: string; description: string | null }[]
  faq: readonly { id: string; question: string; answer: string }[]
}

export async function findPageContents(db: Db, workspaceId: string): Promise<PageContents | undefined> {
  const page = await store.findPublishedOf(db, workspaceId)
  if (!page) return undefined
  const [links, faq] = [await listLinks(db, page.id), await listFaq(db, page.id)]
  return { slug: page.slug, links: links.filter((link) => link.is_active), faq: faq.filter((entry) => entry.is_active) }
}

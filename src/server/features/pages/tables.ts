import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { BotTool, QuickAction } from '../../../contract/bots.ts'
import type { PageIcon } from '../../../contract/page-choices.ts'
import type { PageTheme, SocialLink } from '../../../contract/pages.ts'

type CreatedAt = ColumnType<Date, Date | undefined, never>
type UpdatedAt = ColumnType<Date, Date | undefined, Date>

export interface PageTable {
  id: string
  workspace_id: string
  slug: string
  display_name: string
  email: string | null
  avatar_url: string | null
  bio: string | null
  tagline: string | null
  social_links: JSONColumnType<SocialLink[], string | undefined>
  /** What was never chosen is not in it. */
  theme_config: JSONColumnType<Partial<PageTheme>, string | undefined>
  is_published: Generated<boolean>
  created_at: CreatedAt
  updated_at: UpdatedAt
}

/** An address that a page had before. */
export interface PageSlugRedirectTable {
  slug: string
  workspace_id: string
  page_id: string
  created_at: CreatedAt
}

export interface PageLinkTable {
  id: string
  workspace_id: string
  page_id: string
  title: string
  url: string
  icon: PageIcon | null
  description: string | null
  sort_order: Generated<number>
  is_active: Generated<boolean>
  click_count: Generated<bigint>
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface PageFaqTable {
  id: string
  workspace_id: string
  page_id: string
  question: string
  answer: string
  category: string | null
  sort_order: Generated<number>
  is_active: Generated<boolean>
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface BotTable {
  page_id: string
  workspace_id: string
  is_enabled: Generated<boolean>
  greeting_message: Generated<string>
  agent_id: string | null
  enabled_tools: JSONColumnType<BotTool[], string | undefined>
  quick_actions: JSONColumnType<QuickAction[], string | undefined>
  visitor_daily_limit: Generated<number>
  daily_limit: Generated<number>
  visit_minutes: Generated<number>
  allowed_origins: JSONColumnType<string[], string | undefined>
  updated_at: UpdatedAt
}

/** Messages that a model was asked to answer on a day (UTC). */
export interface BotDayTable {
  page_id: string
  workspace_id: string
  day: Date
  answers: number
}

export interface UnansweredTable {
  id: string
  workspace_id: string
  page_id: string
  question: string
  question_hash: Buffer
  reason: 'unknown' | 'failed'
  times_asked: Generated<number>
  turn_id: string | null
  last_asked_at: UpdatedAt
  created_at: CreatedAt
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    page: PageTable
    page_slug_redirect: PageSlugRedirectTable
    page_link: PageLinkTable
    page_faq: PageFaqTable
    bot: BotTable
    bot_day: BotDayTable
    unanswered: UnansweredTable
  }
}

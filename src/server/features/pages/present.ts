import type { z } from 'zod'
import type { Page, PageFaq, PageLink, PageRole } from '../../../contract/pages.ts'
import { PageTheme } from '../../../contract/pages.ts'
import type { PageContent } from '../../../page/index.ts'
import { type Actor, may } from '../../platform/auth/index.ts'
import { type BotRow, workingActions } from './bot-store.ts'
import type { FaqRow } from './faq-store.ts'
import type { LinkRow } from './link-store.ts'
import type { PageRoleRow } from './role-store.ts'
import type { PageRow } from './store.ts'

export function presentPage(row: PageRow, actor: Actor): z.input<typeof Page> {
  const where = { workspaceId: row.workspace_id, pageId: row.id }
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    slug: row.slug,
    displayName: row.display_name,
    email: row.email,
    avatarUrl: row.avatar_url,
    bio: row.bio,
    tagline: row.tagline,
    socialLinks: row.social_links,
    theme: PageTheme.parse(row.theme_config),
    isPublished: row.is_published,
    may: {
      update: may(actor, 'page', 'update', where),
      share: may(actor, 'page', 'share', where),
      delete: may(actor, 'page', 'delete', where),
    },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function presentLink(row: LinkRow): z.input<typeof PageLink> {
  return {
    id: row.id,
    title: row.title,
    url: row.url,
    icon: row.icon,
    description: row.description,
    sortOrder: row.sort_order,
    isActive: row.is_active,
    clickCount: Number(row.click_count),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function presentFaq(row: FaqRow): z.input<typeof PageFaq> {
  return {
    id: row.id,
    question: row.question,
    answer: row.answer,
    category: row.category,
    sortOrder: row.sort_order,
    isActive: row.is_active,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function presentRole(row: PageRoleRow): z.input<typeof PageRole> {
  return { userId: row.user_id, name: row.name, email: row.email, role: row.role, createdAt: row.created_at.toISOString() }
}

/** What strangers see: nothing that is switched off. */
export function presentContent(row: PageRow, links: readonly LinkRow[], faq: readonly FaqRow[], bot: BotRow): PageContent {
  return {
    slug: row.slug,
    displayName: row.display_name,
    tagline: row.tagline,
    bio: row.bio,
    email: row.email,
    avatarUrl: row.avatar_url,
    socialLinks: row.social_links,
    theme: PageTheme.parse(row.theme_config),
    links: links.filter((link) => link.is_active),
    faq: faq.filter((entry) => entry.is_active),
    bot: bot.is_enabled ? { greeting: bot.greeting_message, quickActions: workingActions(bot).map(({ label }) => ({ label })) } : null,
  }
}

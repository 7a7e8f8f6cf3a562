import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { Instant, PageFaqId, PageId, PageLinkId, UserId, WorkspaceId } from './ids.ts'
import { pageIcons, pageLimits, pagePresets, pageRoles as roleNames, pageSchemes, reservedSlugs, socialPlatforms } from './page-choices.ts'
import type { SocialPlatform } from './page-choices.ts'

/** The page's address: `/@slug`. */
export const PageSlug = z
  .string()
  .trim()
  .toLowerCase()
  .min(3, 'at least 3 characters')
  .max(40, 'at most 40 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits, and single hyphens between them')
  .refine((slug) => !reservedSlugs.includes(slug), 'this word is kept for the server itself')

// Written as the parser reads them, so that what is checked is what a browser follows: no line breaks, no scheme in disguise.
const WebUrl = z.url({ protocol: /^https?$/, normalize: true, error: 'an address that begins with https:// or http://' }).max(2048)
const LinkUrl = z
  .url({ protocol: /^(https?|mailto)$/, normalize: true, error: 'an address that begins with https://, http:// or mailto:' })
  .max(2048)
const line = (max: number) => z.string().trim().max(max)
/** Left empty is not given. */
const optionalLine = (max: number) =>
  line(max)
    .transform((text) => text || null)
    .nullable()

export const SocialLink = z.strictObject({ platform: z.enum(Object.keys(socialPlatforms) as [SocialPlatform]), url: WebUrl })
export type SocialLink = z.infer<typeof SocialLink>

export const PageTheme = z.strictObject({
  preset: z.enum(pagePresets).default('paper'),
  /** `#rrggbb`; null is the preset's own. Its lightness is adjusted where text in it would be hard to read. */
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'a colour such as #2f6f8f')
    .toLowerCase()
    .nullable()
    .default(null),
  scheme: z.enum(pageSchemes).default('system'),
})
export type PageTheme = z.infer<typeof PageTheme>

export const Page = z.object({
  id: PageId,
  workspaceId: WorkspaceId,
  slug: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  bio: z.string().nullable(),
  tagline: z.string().nullable(),
  socialLinks: z.array(SocialLink),
  theme: PageTheme,
  isPublished: z.boolean(),
  /** What the person who asks may do with it. `share`: its address, publishing, and who else may work on it. */
  may: z.object({ update: z.boolean(), share: z.boolean(), delete: z.boolean() }),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Page = z.infer<typeof Page>

/** What the page says of its owner, and how it looks: all that a preview can try out. */
const content = {
  displayName: line(255).min(1).optional(),
  email: z
    .union([z.literal('').transform(() => null), z.string().trim().pipe(z.email().max(255))])
    .nullable()
    .optional(),
  avatarUrl: WebUrl.nullable().optional(),
  bio: optionalLine(4000).optional(),
  tagline: optionalLine(500).optional(),
  socialLinks: z.array(SocialLink).max(pageLimits.socialLinks).optional(),
  theme: PageTheme.optional(),
}

export const PageLink = z.object({
  id: PageLinkId,
  title: z.string(),
  url: z.string(),
  icon: z.enum(pageIcons).nullable(),
  description: z.string().nullable(),
  sortOrder: z.number().int(),
  isActive: z.boolean(),
  /** How often it was followed from the page. Counted without cookies; nothing is kept of who followed it. */
  clickCount: z.number().int(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type PageLink = z.infer<typeof PageLink>

const linkFields = {
  title: line(255).min(1),
  url: LinkUrl,
  icon: z.enum(pageIcons).nullable().optional(),
  description: optionalLine(500).optional(),
  isActive: z.boolean().optional(),
}

export const PageFaq = z.object({
  id: PageFaqId,
  question: z.string(),
  answer: z.string(),
  category: z.string().nullable(),
  sortOrder: z.number().int(),
  isActive: z.boolean(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type PageFaq = z.infer<typeof PageFaq>

const faqFields = {
  question: line(500).min(1),
  answer: line(8000).min(1),
  category: optionalLine(100).optional(),
  isActive: z.boolean().optional(),
}

export const PageRole = z.object({
  userId: UserId,
  name: z.string(),
  email: z.string(),
  role: z.enum(roleNames),
  createdAt: Instant,
})
export type PageRole = z.infer<typeof PageRole>

const access = (action: 'read' | 'create' | 'update' | 'delete' | 'share') =>
  ({ access: { resource: 'page', action, whose: 'workspace' } }) as const
const byPage = { pageId: PageId }
const Done = z.object({ ok: z.literal(true) })
const unique = (ids: readonly string[]) => new Set(ids).size === ids.length

export const pages = {
  /** Those that the person may at least read: of their workspaces, and where they hold a role. */
  list: endpoint
    .route({ method: 'GET', path: '/pages' })
    .meta({ access: { resource: 'page', action: 'read', whose: 'self' } })
    .output(z.array(Page)),

  /** A workspace has one page at most. It begins unpublished. */
  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/page', successStatus: 201 })
    .meta(access('create'))
    .input(z.strictObject({ workspaceId: WorkspaceId, slug: PageSlug, displayName: line(255).min(1) }))
    .output(Page)
    .errors(errors('workspace.not_found', 'page.exists', 'page.slug_taken')),

  get: endpoint
    .route({ method: 'GET', path: '/pages/{pageId}' })
    .meta(access('read'))
    .input(z.strictObject(byPage))
    .output(Page)
    .errors(errors('page.not_found')),

  /** `slug` and `isPublished` need the policy `page:share`. An address that the page had before leads to the new one. */
  update: endpoint
    .route({ method: 'PATCH', path: '/pages/{pageId}' })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, ...content, slug: PageSlug.optional(), isPublished: z.boolean().optional() }))
    .output(Page)
    .errors(errors('page.not_found', 'page.slug_taken')),

  /** With its links, its questions, its roles and all its addresses. */
  delete: endpoint
    .route({ method: 'DELETE', path: '/pages/{pageId}' })
    .meta(access('delete'))
    .input(z.strictObject(byPage))
    .output(Done)
    .errors(errors('page.not_found')),

  /** The page as strangers would see it with these values, which are not saved. The document loads its style sheet and nothing else. */
  preview: endpoint
    .route({ method: 'POST', path: '/pages/{pageId}/preview' })
    .meta(access('read'))
    .input(z.strictObject({ ...byPage, ...content }))
    .output(z.object({ html: z.string() }))
    .errors(errors('page.not_found')),
}

export const pageLinks = {
  list: endpoint
    .route({ method: 'GET', path: '/pages/{pageId}/links' })
    .meta(access('read'))
    .input(z.strictObject(byPage))
    .output(z.array(PageLink))
    .errors(errors('page.not_found')),

  create: endpoint
    .route({ method: 'POST', path: '/pages/{pageId}/links', successStatus: 201 })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, ...linkFields }))
    .output(PageLink)
    .errors(errors('page.not_found', 'page.too_many_links')),

  update: endpoint
    .route({ method: 'PATCH', path: '/pages/{pageId}/links/{linkId}' })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, linkId: PageLinkId, ...z.object(linkFields).partial().shape }))
    .output(PageLink)
    .errors(errors('page.not_found', 'page-link.not_found')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/pages/{pageId}/links/{linkId}' })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, linkId: PageLinkId }))
    .output(Done)
    .errors(errors('page.not_found', 'page-link.not_found')),

  /** The ids in their new order. What is not named follows after, in the order it had. */
  reorder: endpoint
    .route({ method: 'PUT', path: '/pages/{pageId}/links/order' })
    .meta(access('update'))
    .input(
      z.strictObject({
        ...byPage,
        linkIds: z.array(PageLinkId).min(1).max(pageLimits.links).refine(unique, 'each id once'),
      }),
    )
    .output(z.array(PageLink))
    .errors(errors('page.not_found', 'page-link.not_found')),
}

export const pageFaq = {
  list: endpoint
    .route({ method: 'GET', path: '/pages/{pageId}/faq' })
    .meta(access('read'))
    .input(z.strictObject(byPage))
    .output(z.array(PageFaq))
    .errors(errors('page.not_found')),

  create: endpoint
    .route({ method: 'POST', path: '/pages/{pageId}/faq', successStatus: 201 })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, ...faqFields }))
    .output(PageFaq)
    .errors(errors('page.not_found', 'page.too_many_questions')),

  update: endpoint
    .route({ method: 'PATCH', path: '/pages/{pageId}/faq/{faqId}' })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, faqId: PageFaqId, ...z.object(faqFields).partial().shape }))
    .output(PageFaq)
    .errors(errors('page.not_found', 'page-faq.not_found')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/pages/{pageId}/faq/{faqId}' })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, faqId: PageFaqId }))
    .output(Done)
    .errors(errors('page.not_found', 'page-faq.not_found')),

  /** The ids in their new order. What is not named follows after, in the order it had. */
  reorder: endpoint
    .route({ method: 'PUT', path: '/pages/{pageId}/faq/order' })
    .meta(access('update'))
    .input(
      z.strictObject({
        ...byPage,
        faqIds: z.array(PageFaqId).min(1).max(pageLimits.questions).refine(unique, 'each id once'),
      }),
    )
    .output(z.array(PageFaq))
    .errors(errors('page.not_found', 'page-faq.not_found')),
}

/** Who may work on a page beside those who run its workspace. */
export const pageRoles = {
  list: endpoint
    .route({ method: 'GET', path: '/pages/{pageId}/roles' })
    .meta(access('share'))
    .input(z.strictObject(byPage))
    .output(z.array(PageRole))
    .errors(errors('page.not_found')),

  /** To somebody who has an account here. Whoever has a role already gets the new one instead. */
  grant: endpoint
    .route({ method: 'PUT', path: '/pages/{pageId}/roles' })
    .meta(access('share'))
    .input(z.strictObject({ ...byPage, email: z.string().trim().toLowerCase().pipe(z.email().max(254)), role: z.enum(roleNames) }))
    .output(PageRole)
    .errors(errors('page.not_found', 'user.not_found', 'page.too_many_roles')),

  revoke: endpoint
    .route({ method: 'DELETE', path: '/pages/{pageId}/roles/{userId}' })
    .meta(access('share'))
    .input(z.strictObject({ ...byPage, userId: UserId }))
    .output(Done)
    .errors(errors('page.not_found', 'user.not_found')),
}

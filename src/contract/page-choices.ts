/** What a page can be made of. Plain values without a schema, so that the web app and the page itself can read them too. */

/** Looks that are designed as a whole, each light and dark. */
export const pagePresets = ['paper', 'slate', 'grove', 'dusk'] as const
export type PagePreset = (typeof pagePresets)[number]

/** The first colours of each look by day, by which one is told from another. */
export const presetColours: Record<PagePreset, { surface: string; line: string; accent: string }> = {
  paper: { surface: '#fdfcf9', line: '#e3dfd4', accent: '#0f6175' },
  slate: { surface: '#f6f7f9', line: '#dde2e9', accent: '#2456c8' },
  grove: { surface: '#f2f4ec', line: '#d6ddca', accent: '#38692a' },
  dusk: { surface: '#fbf6f6', line: '#e5d5da', accent: '#8e2f5f' },
}

/** `system`: as the reader's device has it. */
export const pageSchemes = ['system', 'light', 'dark'] as const
export type PageScheme = (typeof pageSchemes)[number]

/** Names of lucide, drawn from shapes of our own copy. */
export const pageIcons = [
  'link',
  'globe',
  'mail',
  'phone',
  'message-circle',
  'calendar',
  'map-pin',
  'book-open',
  'newspaper',
  'pen-line',
  'rss',
  'mic',
  'music',
  'video',
  'camera',
  'code',
  'download',
  'graduation-cap',
  'briefcase',
  'shopping-bag',
  'coffee',
  'heart',
  'star',
] as const
export type PageIcon = (typeof pageIcons)[number]

export const socialPlatforms = {
  website: 'Website',
  bluesky: 'Bluesky',
  discord: 'Discord',
  facebook: 'Facebook',
  github: 'GitHub',
  gitlab: 'GitLab',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  mastodon: 'Mastodon',
  medium: 'Medium',
  pinterest: 'Pinterest',
  reddit: 'Reddit',
  soundcloud: 'SoundCloud',
  spotify: 'Spotify',
  substack: 'Substack',
  telegram: 'Telegram',
  threads: 'Threads',
  tiktok: 'TikTok',
  twitch: 'Twitch',
  twitter: 'X (Twitter)',
  vimeo: 'Vimeo',
  youtube: 'YouTube',
} as const
export type SocialPlatform = keyof typeof socialPlatforms

export const pageRoles = ['page viewer', 'page editor', 'page admin'] as const
export type PageRoleName = (typeof pageRoles)[number]

/** What a page's bot can show by itself. */
export const botTools = ['links', 'faq'] as const

export const botLimits = { quickActions: 6, origins: 20 } as const

/** A message of a visitor is a question, not a document. */
export const maxVisitTextLength = 4_000

export const pageLimits = { links: 100, questions: 100, socialLinks: 12, roles: 50 } as const

/** Addresses that could be taken for a part of the server, or that development tools use below `/@`. */
export const reservedSlugs: readonly string[] = (
  'about account accounts admin administrator api app assets auth billing blog bot chat contact dashboard dev docs edit embed enter events favicon fs ' +
  'health help home hooks html icon id images index legal llms login logout mail mcp me metrics new node_modules null official page pages parley ' +
  'postmaster privacy public react-refresh ready register robots root security settings sign-in sign-out sign-up signin signup sitemap static status ' +
  'support system terms theme undefined user users v1 vite webhooks webmaster well-known widget ws www'
).split(' ')

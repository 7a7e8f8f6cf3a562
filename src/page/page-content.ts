import type { PageIcon } from '../contract/page-choices.ts'
import type { PageTheme, SocialLink } from '../contract/pages.ts'

/** All that a page shows. What is switched off is not in it. */
export interface PageContent {
  slug: string
  displayName: string
  tagline: string | null
  bio: string | null
  email: string | null
  avatarUrl: string | null
  socialLinks: readonly SocialLink[]
  theme: PageTheme
  links: readonly { id: string; title: string; url: string; icon: PageIcon | null; description: string | null }[]
  /** In their order; those of one category are shown together, at the place of its first. */
  faq: readonly { question: string; answer: string; category: string | null }[]
  /** The agent that answers on the page; null where none does. */
  bot: BotContent | null
}

export interface BotContent {
  greeting: string
  /** Buttons, told apart by their position. */
  quickActions: readonly { label: string }[]
}

/** Paragraphs are divided by empty lines. */
export function paragraphs(text: string): string[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .map((part) => part.trim())
    .filter(Boolean)
}

/** On one line, and cut at a word: for summaries and attributes. */
export function summary(text: string, maxLength: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= maxLength) return line
  return `${line.slice(0, maxLength - 1).replace(/\s+\S*$/, '')}…`
}

export function describe({ tagline, bio, displayName }: PageContent, fallback: (name: string) => string): string {
  return summary(tagline ?? bio ?? fallback(displayName), 160)
}

/** The first letters of the first and last word, in any script. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letterOf = (word: string | undefined) => [...(word ?? '')][0] ?? ''
  return (letterOf(words[0]) + (words.length > 1 ? letterOf(words.at(-1)) : '')).toLocaleUpperCase('en')
}

import type { PageTheme } from '../contract/pages.ts'
import type { VisitMessage } from '../contract/visits.ts'
import { body } from './body.ts'
import { transcript, type Unsaid } from './chat.ts'
import { type Html, html, json, safe } from './html.ts'
import { describe, initials, type PageContent, summary } from './page-content.ts'
import { words } from './strings.ts'
import { structuredData } from './structured-data.ts'
import { frameColours, markColours, styleOf } from './style.ts'

/** Makes the chat live where scripts run. */
const chatScript = '/visitor/chat.js'

/** A document with the style sheet that stands inside it, whose hash the content security policy has to name. */
export interface StyledDocument {
  html: string
  style: string
}

/** The page as strangers see it. `url` is its own full address. */
export function renderPage(page: PageContent, url: string): StyledDocument {
  const style = styleOf(page.theme, page.bot !== null)
  const description = describe(page, words.describes)
  const title = page.tagline ? `${page.displayName} – ${summary(page.tagline, 80)}` : page.displayName
  const head = html`<title>${title}</title><meta name="description" content="${description}"><link rel="canonical" href="${url}"><meta property="og:type" content="profile"><meta property="og:title" content="${page.displayName}"><meta property="og:description" content="${description}"><meta property="og:url" content="${url}">${
    page.avatarUrl && html`<meta property="og:image" content="${page.avatarUrl}">`
  }<meta name="twitter:card" content="summary">${frame(page.theme)}<link rel="icon" href="${mark(page)}"><link rel="alternate" type="text/plain" href="${url}/llms.txt"><style>${safe(style)}</style><script type="application/ld+json">${json(structuredData(page, url))}</script>${page.bot && html`<script type="module" src="${chatScript}"></script>`}`
  return { html: document(head, body(page, 'live')), style }
}

/** The conversation of a visitor whose browser runs no scripts, with a form to go on. What was not said stays in it. */
export function renderTranscript(page: PageContent, messages: readonly VisitMessage[], unsaid: Unsaid | null): StyledDocument {
  const style = styleOf(page.theme, true)
  const title = words.chat.label(page.displayName)
  const head = html`<title>${title}</title><meta name="robots" content="noindex">${frame(page.theme)}<link rel="icon" href="${mark(page)}"><style>${safe(style)}</style>`
  return { html: document(head, transcript(page, messages, unsaid)), style }
}

/** The same for a frame inside the web app: nothing in it leads away, and its style sheet is a file, since the app's policy allows no other. */
export function renderPreview(page: PageContent, styleUrl: string): string {
  return document(html`<title>${page.displayName}</title><link rel="stylesheet" href="${styleUrl}">`, body(page, 'preview'))
}

/** For an address without a page, or with one that is not published: the two look the same. */
export function renderMissing(): StyledDocument {
  const style = styleOf({ preset: 'paper', accent: null, scheme: 'system' }, false)
  const head = html`<title>${words.missing.title}</title><meta name="robots" content="noindex"><link rel="icon" href="data:,"><style>${safe(style)}</style>`
  const { title, text } = words.missing
  return {
    html: document(head, html`<main class="page"><div class="who"><h1>${title}</h1><p class="tagline">${text}</p></div></main>`),
    style,
  }
}

export function document(head: Html, content: Html): string {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">${head}</head><body>${content}</body></html>`
    .text
}

function frame(theme: PageTheme): Html {
  const { light, dark } = frameColours(theme)
  const meta = (colour: string | null, media: string) => colour && html`<meta name="theme-color" content="${colour}"${safe(media)}>`
  const isBoth = light !== null && dark !== null
  return html`${meta(light, isBoth ? ' media="(prefers-color-scheme:light)"' : '')}${meta(dark, isBoth ? ' media="(prefers-color-scheme:dark)"' : '')}`
}

/** The icon of the tab: the initial on the accent, without a request. */
function mark(page: PageContent): string {
  const { accent, on } = markColours(page.theme)
  const letter = html`${[...initials(page.displayName)][0] ?? ''}`.text
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='9' fill='${accent}'/><text x='16' y='22' text-anchor='middle' font-family='system-ui,sans-serif' font-weight='600' font-size='17' fill='${on}'>${letter}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

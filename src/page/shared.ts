import { document, type StyledDocument } from './document.ts'
import { type Html, html, safe } from './html.ts'
import { link, markdown } from './markdown.ts'
import { summary } from './page-content.ts'
import { sharedStyle } from './shared-style.ts'
import { words } from './strings.ts'

/** What was said, and nothing of how it came about. */
export interface SharedMessage {
  from: 'person' | 'answer'
  text: string
  sources: readonly { url: string; title: string | null }[]
  /** Each at an address below the share's own. `size`: of a picture, in pixels. */
  files: readonly { name: string; address: string; size: { width: number; height: number } | null }[]
  isWriting: boolean
}

export interface SharedContent {
  /** Its own address on this server. */
  path: string
  /** Where somebody who is signed in makes it a conversation of their own. */
  forkPath: string
  title: string
  isIndexed: boolean
  /** From 1. */
  page: number
  pages: number
  messages: readonly SharedMessage[]
}

const said = words.shared

/** A conversation as whoever has its link reads it. */
export function renderShare(share: SharedContent): StyledDocument {
  const { path, forkPath, messages, page, pages } = share
  const title = share.title || said.untitled
  const first = messages.find(({ from }) => from === 'answer')?.text ?? ''
  const head = html`<title>${page > 1 ? `${title} (${said.page(page, pages)})` : title}</title>${
    share.isIndexed
      ? html`<meta name="description" content="${summary(first, 160)}">`
      : html`<meta name="robots" content="noindex,nofollow">`
  }<meta name="referrer" content="no-referrer"><meta property="og:type" content="article"><meta property="og:title" content="${title}">${look()}`
  const content = html`<main><header><h1>${title}</h1><p>${said.intro}</p><p><a class="go" href="${forkPath}" rel="nofollow">${said.fork}</a></p></header>${
    pages > 1 && pageLinks(path, page, pages)
  }${messages.map(turn)}${pages > 1 && pageLinks(path, page, pages)}<footer><p>${said.caution}</p></footer></main>`
  return { html: document(head, content), style: sharedStyle }
}

/** For a link that was revoked, that never was, or whose conversation is gone: all look the same. */
export function renderMissingShare(): StyledDocument {
  const { title, text } = said.missing
  const head = html`<title>${title}</title><meta name="robots" content="noindex,nofollow">${look()}`
  return { html: document(head, html`<main><header><h1>${title}</h1><p>${text}</p></header></main>`), style: sharedStyle }
}

function look(): Html {
  return html`<link rel="icon" href="data:,"><style>${safe(sharedStyle)}</style>`
}

function turn({ from, text, sources, files, isWriting }: SharedMessage): Html {
  const name = from === 'person' ? said.person : said.answer
  const shown = files.length > 0 && html`<ul class="files" aria-label="${said.files}">${files.map(fileOf)}</ul>`
  if (from === 'person' && text === '')
    return html`<article class="turn files-only" dir="auto"><h2 class="unseen">${name}</h2>${shown}</article>`
  const body = from === 'person' ? text : html`<div class="text">${markdown(text)}</div>`
  return html`<article class="turn ${from}" dir="auto"><h2 class="unseen">${name}</h2>${shown}${body}${
    sources.length > 0 &&
    html`<ol class="sources" aria-label="${said.sources}">${sources.map(({ url, title }) => html`<li>${link(url, html`${title ?? url}`)}</li>`)}</ol>`
  }${isWriting && html`<p class="writing">${said.writing}</p>`}</article>`
}

function fileOf({ name, address, size }: SharedMessage['files'][number]): Html {
  if (!size) return html`<li><a href="${address}" rel="nofollow">${name}</a></li>`
  return html`<li><a href="${address}" rel="nofollow"><img src="${address}" alt="${name}" width="${size.width}" height="${size.height}" loading="lazy"></a></li>`
}

function pageLinks(path: string, page: number, pages: number): Html {
  const to = (target: number, label: string, rel: string) => html`<a href="${path}?page=${target}" rel="${rel}">${label}</a>`
  return html`<nav class="pages" aria-label="${said.pages}">${page > 1 && to(page - 1, said.previous, 'prev')}<span>${said.page(page, pages)}</span>${
    page < pages && to(page + 1, said.next, 'next')
  }</nav>`
}

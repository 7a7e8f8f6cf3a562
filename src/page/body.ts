import { socialPlatforms } from '../contract/page-choices.ts'
import { chat } from './chat.ts'
import { type Html, html } from './html.ts'
import { icon } from './icons.ts'
import { initials, type PageContent, paragraphs } from './page-content.ts'
import { words } from './strings.ts'

/** `live`: links lead somewhere, pictures load. `preview`: neither, since trying a page out must not count or ask anybody. */
export type Mode = 'live' | 'preview'

export function body(page: PageContent, mode: Mode): Html {
  return html`<main class="page">${who(page, mode)}${column(page, mode)}</main>`
}

function who({ displayName, tagline, bio, email, avatarUrl, socialLinks }: PageContent, mode: Mode): Html {
  const places = [
    ...socialLinks.map(({ platform, url }) => html`<li><a${href(url, mode)} rel="me noopener">${socialPlatforms[platform]}</a></li>`),
    email && html`<li><a${href(`mailto:${email}`, mode)}>${words.email}</a></li>`,
  ].filter(Boolean)
  return html`<header class="who">${
    avatarUrl && mode === 'live'
      ? html`<img class="face" src="${avatarUrl}" width="112" height="112" alt="">`
      : html`<div class="face letters" aria-hidden="true">${initials(displayName)}</div>`
  }<h1>${displayName}</h1>${tagline && html`<p class="tagline">${tagline}</p>`}${bio && html`<div class="bio">${text(bio)}</div>`}${
    places.length > 0 && html`<ul class="elsewhere" aria-label="${words.elsewhere}">${places}</ul>`
  }</header>`
}

/** The parts of the page, one below the other, the conversation with its agent first. */
function column(page: PageContent, mode: Mode): Html | null {
  const parts = [page.bot && chat({ ...page, ...page.bot }, mode), links(page, mode), faq(page)].filter((part) => part !== null)
  return parts.length > 0 ? html`<div class="column">${parts}</div>` : null
}

function links({ slug, links: all }: PageContent, mode: Mode): Html | null {
  if (all.length === 0) return null
  return html`<nav aria-label="${words.links}"><ul class="links">${all.map(
    (link) =>
      html`<li><a class="link"${href(`/@${slug}/go/${link.id}`, mode)}>${icon(link.icon ?? 'link', 'mark')}<span><b>${link.title}</b>${
        link.description && html`<small>${link.description}</small>`
      }</span>${icon('arrow-up-right', 'go')}</a></li>`,
  )}</ul></nav>`
}

function faq({ faq: all }: PageContent): Html | null {
  if (all.length === 0) return null
  const groups = Map.groupBy(all, ({ category }) => category)
  return html`<section aria-labelledby="faq"><h2 id="faq">${words.questions}</h2>${[...groups].map(
    ([category, entries]) =>
      html`${category && html`<h3>${category}</h3>`}<div class="asked">${entries.map(
        ({ question, answer }) =>
          html`<details><summary>${question}${icon('chevron-down', '')}</summary><div class="answer">${text(answer)}</div></details>`,
      )}</div>`,
  )}</section>`
}

function href(url: string, mode: Mode): Html | null {
  return mode === 'live' ? html` href="${url}"` : null
}

function text(value: string): Html[] {
  return paragraphs(value).map((part) => html`<p>${part.split(/\r?\n/).map((line, index) => html`${index > 0 && html`<br>`}${line}`)}</p>`)
}

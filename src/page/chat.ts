import { maxVisitTextLength } from '../contract/page-choices.ts'
import type { VisitMessage, VisitPart } from '../contract/visits.ts'
import type { Mode } from './body.ts'
import { type Html, html, safe } from './html.ts'
import { markdown } from './markdown.ts'
import type { BotContent, PageContent } from './page-content.ts'
import { words } from './strings.ts'

export interface ChatContent extends BotContent {
  slug: string
  displayName: string
}

/** What could not be said, and why, in words for the visitor. */
export interface Unsaid {
  text: string
  why: string
}

const said = words.chat
const arrow = safe('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12 7-7 7 7M12 19V5"/></svg>')

/**
 * The chat as it begins, on the page and in the widget: a form that works without a script, which a script makes live in place. Every part that
 * comes and goes later has its room from the start.
 */
export function chat({ slug, displayName, greeting, quickActions }: ChatContent, mode: Mode): Html {
  const actions = quickActions.map(({ label }, index) => html`<button name="action" value="${index}" formnovalidate>${label}</button>`)
  return frame(
    { slug, displayName },
    mode,
    html`${turn('bot', null, html`<p>${greeting}</p>`)}${actions.length > 0 && html`<div class="quick">${actions}</div>`}`,
    said.hint,
  )
}

/** The page that answers the form where no script runs. */
export function transcript(page: PageContent, messages: readonly VisitMessage[], unsaid: Unsaid | null): Html {
  const turns = messages.map((message) => drawMessage(message))
  const isWriting = messages.some((message) => message.isWriting)
  return html`<main class="page alone"><h1 class="unseen">${said.label(page.displayName)}</h1><p class="back"><a href="/@${page.slug}">${said.back(page.displayName)}</a></p>${frame(
    page,
    'live',
    html`${page.bot && turn('bot', null, html`<p>${page.bot.greeting}</p>`)}${turns}`,
    unsaid?.why ?? (isWriting ? said.writing : said.hint),
    unsaid?.text ?? '',
    // The page looks again by itself, which would take away what is half written.
    isWriting && !unsaid,
  )}</main>`
}

function frame(
  { slug, displayName }: { slug: string; displayName: string },
  mode: Mode,
  log: Html,
  state: string,
  text = '',
  isBusy = false,
): Html {
  return html`<section class="chat" aria-label="${said.label(displayName)}" data-page="${slug}"><form${
    mode === 'live' && html` method="post" action="/@${slug}/chat"`
  }><div class="said" role="log" aria-live="off" aria-label="${said.log}">${log}</div><div class="say"><label class="unseen" for="say">${said.write}</label><textarea id="say" name="text" rows="1" maxlength="${maxVisitTextLength}" placeholder="${said.placeholder}" autocomplete="off" enterkeyhint="send" required${isBusy && html` disabled`}>${text}</textarea><button class="send"${isBusy && html` disabled`} aria-label="${said.send}">${arrow}</button></div><p class="state" role="status">${state}</p></form></section>`
}

/** Who says it is heard; it is seen by its place, except for a person who answers. */
function turn(from: VisitMessage['from'], name: string | null, content: Html): Html {
  const speaker =
    from === 'person'
      ? html`<p class="name">${name ?? said.personFallback}</p>`
      : html`<span class="unseen">${from === 'bot' ? said.bot : said.you}</span>`
  return html`<div class="turn ${from}" dir="auto">${speaker}${content}</div>`
}

function drawMessage({ from, name, parts }: VisitMessage): Html | null {
  const drawn = parts.map((part) => drawPart(part, from)).filter((part) => part !== null)
  return drawn.length > 0 ? turn(from, name, html`${drawn}`) : null
}

/** What a visitor wrote is shown as it was written. */
function drawPart(part: VisitPart, from: VisitMessage['from']): Html | null {
  switch (part.type) {
    case 'text':
      if (part.text === '') return null
      return from === 'visitor' ? html`<p class="written">${part.text}</p>` : html`<div class="text">${markdown(part.text)}</div>`
    case 'surface':
      return html`<div class="text">${markdown(part.fallback)}</div>`
    case 'notice':
      return html`<p class="notice">${part.text}</p>`
    case 'hidden':
      return null
  }
}

import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import type { Page } from './page-worker.ts'
import { markdownWriter } from './markdown-writer.ts'

/** More than any model reads; the rest is left out. */
const maxCharacters = 1_000_000
/** What is found of fewer characters is not believed to be all that the page has to say. */
const shortArticle = 400

const noise = 'script, style, noscript, template, svg, canvas, iframe, object, embed, form, nav, dialog, [hidden], [aria-hidden="true"]'

/** What a page says, as Markdown: what its author wrote where that can be told from the rest, else all that is shown. Throws where it is nested too deeply. */
export function readPage(html: string, url: string): Page {
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<!doctype html><html><body>${html}</body></html>`)
  const meta = (...names: string[]) => names.map((name) => attribute(document, name)).find(Boolean) ?? null
  makeAbsolute(document, url)
  const about = {
    title: clean(meta('og:title', 'twitter:title') ?? document.querySelector('title')?.textContent ?? null),
    site: clean(meta('og:site_name', 'application-name')) ?? hostOf(url),
    byline: clean(meta('author', 'article:author')),
    publishedAt: clean(
      meta('article:published_time', 'date', 'datePublished', 'dc.date') ??
        document.querySelector('time[datetime]')?.getAttribute('datetime') ??
        null,
    ),
  }
  // Readability takes the page apart; the whole of it is read from another copy.
  const whole = document.cloneNode(true) as typeof document
  const article = new Readability(document, { charThreshold: 200 }).parse()
  const writer = markdownWriter()
  const all = () => {
    for (const element of whole.querySelectorAll(noise)) element.remove()
    return whole.body ?? whole.documentElement
  }
  const length = article?.textContent?.trim().length ?? 0
  const found = length >= shortArticle ? article?.content : undefined
  const content = found ? parseHTML(`<!doctype html><html><body>${found}</body></html>`).document.body : all()
  return {
    ...about,
    byline: about.byline ?? clean(article?.byline ?? null),
    publishedAt: about.publishedAt ?? clean(article?.publishedTime ?? null),
    markdown: writer.turndown(content as unknown as HTMLElement).slice(0, maxCharacters),
    isArticle: Boolean(found),
  }
}

function attribute(document: Document, name: string): string | null {
  for (const key of ['property', 'name', 'itemprop']) {
    const content = document.querySelector(`meta[${key}="${name}"]`)?.getAttribute('content')
    if (content) return content
  }
  return null
}

/** Where a link leads is only known together with the address of its page. */
function makeAbsolute(document: Document, url: string): void {
  const base = resolved(document.querySelector('base[href]')?.getAttribute('href') ?? '', url) ?? url
  for (const [selector, name] of [
    ['a[href]', 'href'],
    ['img[src]', 'src'],
  ] as const) {
    for (const element of document.querySelectorAll(selector)) {
      const address = resolved(element.getAttribute(name) ?? '', base)
      if (address) element.setAttribute(name, address)
      else element.removeAttribute(name)
    }
  }
}

/** Undefined for what leads nowhere that could be fetched. */
function resolved(address: string, base: string): string | undefined {
  const found = URL.parse(address, base)
  return found && (found.protocol === 'https:' || found.protocol === 'http:') ? found.href : undefined
}

const hostOf = (url: string): string | null => URL.parse(url)?.hostname ?? null

function clean(text: string | null): string | null {
  const words = text
    ?.replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
  return words || null
}

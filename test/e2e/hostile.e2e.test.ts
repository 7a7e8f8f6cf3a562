import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBrowser } from '../support/browser.ts'
import { hostileMessages, hostileTexts } from '../support/hostile-text.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'
import { messagesOf } from '../support/turn-client.ts'
import { addBotPage } from '../support/visit-client.ts'
import { conversationSaying, rewriteAnswers } from '../support/written-answer.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const server = useTestApp({
  env: { EGRESS_ALLOW: '127.0.0.1', OPENAI_API_KEY: 'sk-hostile-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
})
const browser = useBrowser()
beforeAll(() => server.current.app.listing?.firstRound)

/** PostgreSQL keeps no zero and no half of a character, and neither do messages. */
const storable = (text: string) => text.replaceAll('\0', '').toWellFormed()
const messages = hostileMessages().map(storable)

/** Notes what leaves the server's address and what asks for attention. What the policy refuses fails the test by itself. */
function watch(page: Page): string[] {
  const seen: string[] = []
  page.on(
    'request',
    (request) => !/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(server.current.url) && seen.push(request.url()),
  )
  page.on('dialog', (dialog) => void seen.push(`dialog: ${dialog.message()}`))
  page.on('popup', (popup) => void seen.push(`popup: ${popup.url()}`))
  page.on(
    'framenavigated',
    (frame) => !frame.url().startsWith(server.current.url) && !frame.url().startsWith('about:') && seen.push(`to ${frame.url()}`),
  )
  return seen
}

/** What no text may become, below an element. */
const foreign = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate((roots) => {
    const found: string[] = []
    if ('pwned' in window) found.push('a script ran')
    const forbidden =
      'script, iframe, object, embed, style, link, meta, base, form, video, audio, template, foreignObject, use, animate, set, image, details, textarea, select, input:not([type=checkbox][disabled]), img:not([src^="data:image/"])'
    for (const root of document.querySelectorAll(roots))
      for (const element of root.querySelectorAll('*')) {
        const shown = element.outerHTML.slice(0, 120)
        if (element.matches(forbidden)) found.push(shown)
        for (const { name, value } of element.attributes) {
          if (/^on|^(?:srcdoc|formaction|action|background|poster|ping|xlink:href)$/i.test(name)) found.push(`${name}: ${shown}`)
          if (name === 'href' && !/^(?:https?:\/\/|mailto:|\/)/.test(value)) found.push(`${value}: ${shown}`)
          if (name === 'style' && !element.closest('.katex, .md-section')) found.push(`style: ${shown}`)
        }
        if (element instanceof HTMLAnchorElement && element.href.startsWith('http') && element.origin !== location.origin)
          if (element.target !== '_blank' || !/nofollow/.test(element.rel) || !/noopener/.test(element.rel)) found.push(`rel: ${shown}`)
        if (getComputedStyle(element).position === 'fixed') found.push(`fixed: ${shown}`)
      }
    return found
  }, selector)

test('hostile answers are text in the app and where they are shared', async () => {
  const [ada] = await server.current.people('ada')
  const id = await conversationSaying(server.current, ada, messages[0]!)
  const share = await ada.get('shares.create', { id, isLive: true })
  const page = await browser.open(server.current, ada, '/icon.svg')
  const stranger = await browser.stranger(server.current)
  const seen = [page, stranger].map(watch)
  const problems: string[] = []
  for (const [index, message] of messages.entries()) {
    await rewriteAnswers(server.current, id, message)
    await page.goto(`${server.current.url}/c/${id}`)
    await page.locator('.answer-text').waitFor()
    // Formulas and colours have come.
    await page.waitForLoadState('networkidle')
    const drawn = await foreign(page, '.answer-text')
    await stranger.goto(server.current.url + share.path)
    const shared = await foreign(stranger, 'main')
    problems.push(...[...drawn, ...shared].map((problem) => `message ${index}: ${problem}`))
  }
  expect(problems).toEqual([])
  expect(seen.flat()).toEqual([])
}, 400_000)

test('hostile words are text in highlights, titles, hits of a search and questions', async () => {
  const [ada] = await server.current.people('ada')
  const hostile = '<img src=x onerror=top.pwned=1> [a](javascript:top.pwned=1) harbourmaster'
  const id = await conversationSaying(server.current, ada, hostile)
  await ada.get('conversations.update', { id, title: hostile })
  const messageId = (await messagesOf(ada, id))[1]!.id
  await ada.get('highlights.create', { id, messageId, textQuote: { exact: hostile, prefix: '<b>', suffix: '</b>' }, note: hostile })
  const page = await browser.open(server.current, ada, '/highlights')
  const seen = watch(page)
  await page.getByText('harbourmaster').first().waitFor()
  expect(await foreign(page, 'main ul')).toEqual([])
  await page.goto(`${server.current.url}/search?q=harbourmaster`)
  await expect.poll(async () => (await page.reload(), page.locator('.search-hit').count()), { interval: 1000 }).toBeGreaterThan(0)
  expect(await foreign(page, '.search-hits')).toEqual([])
  expect(await foreign(page, 'nav')).toEqual([])
  expect(seen).toEqual([])
})

test('hostile answers are text in the chat of a page', async () => {
  const [owner] = await server.current.people('owner')
  const { slug } = await addBotPage(owner, { greeting: 'Welcome <b>in</b>.', quickActions: [] })
  const page = await browser.stranger(server.current)
  const seen = watch(page)
  // Ten questions are what a visitor may ask in a while.
  const texts = Array.from({ length: 6 }, (_, part) =>
    hostileTexts
      .filter((__, index) => index % 6 === part)
      .map(storable)
      .join('\n\n'),
  )
  await page.goto(`${server.current.url}/@${slug}`)
  for (const [index, text] of texts.entries()) {
    const undo = provider.script({ text: `${text}\n\nEnd of part ${index}.` })
    await page.getByLabel('Your message').fill(`part ${index}`)
    await page.keyboard.press('Enter')
    await page.getByRole('log', { name: 'Conversation' }).getByText(`End of part ${index}.`).waitFor({ timeout: 60_000 })
    undo()
  }
  expect(await foreign(page, '[role=log]')).toEqual([])
  expect(seen).toEqual([])
}, 240_000)

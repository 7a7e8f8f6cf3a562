import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'
import { scripted } from '../support/turn-client.ts'
import { addBotPage } from '../support/visit-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const server = useTestApp({
  env: { EGRESS_ALLOW: '127.0.0.1', OPENAI_API_KEY: 'sk-visitor-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
})
const browser = useBrowser()
beforeAll(() => server.current.app.listing?.firstRound)

const quickActions = [
  { kind: 'tool', label: 'Where to find you', tool: 'links' },
  { kind: 'tool', label: 'Questions', tool: 'faq' },
]
const log = (page: Page) => page.getByRole('log', { name: 'Conversation' })
const field = (page: Page) => page.getByLabel('Your message')
const button = (page: Page, name: string) => page.getByRole('button', { name })

async function say(page: Page, text: string) {
  await field(page).fill(text)
  await page.keyboard.press('Enter')
}

async function pageWithBot(bot: object = {}) {
  const [person] = await server.current.people('owner')
  return { person, ...(await addBotPage(person, { greeting: 'Welcome in.', quickActions, ...bot })) }
}

/** Movement that nobody asked for, since the page was opened. */
const shifts = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
            if (!entry.hadRecentInput) sum += entry.value
        }).observe({ type: 'layout-shift', buffered: true })
        requestAnimationFrame(() => setTimeout(() => resolve(sum), 100))
      }),
  )

test('a stranger talks with the bot of a page: nothing is set or asked before they act, and they find it again', async () => {
  const { slug } = await pageWithBot()
  const page = await browser.stranger(server.current)
  await page.goto('about:blank')
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  page.on('websocket', () => asked.push('socket'))
  await page.goto(`${server.current.url}/@${slug}`, { waitUntil: 'networkidle' })
  expect(asked).toEqual([`/@${slug}`, '/visitor/chat.js'])
  expect(await page.context().cookies()).toEqual([])
  expect(await shifts(page)).toBe(0)
  expect(await accessibilityProblems(page)).toEqual([])

  await say(page, scripted({ text: 'Good **morning** to you, and `<b>` is text', delayMs: 200 }))
  await button(page, 'Stop the answer').waitFor()
  await log(page).getByText('and <b> is text').waitFor()
  expect(await log(page).locator('strong').textContent()).toBe('morning')
  expect(await focusedName(page)).toBe('Your message')
  // Heard once, whole.
  await expect.poll(() => page.locator('[aria-live=polite]').textContent()).toBe('Answer: Good morning to you, and <b> is text')
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ path: `/@${slug}`, httpOnly: true, sameSite: 'Lax' })

  await field(page).fill('not sent yet')
  await page.reload({ waitUntil: 'networkidle' })
  await page.getByText('You have a conversation here.').waitFor()
  expect(await field(page).inputValue()).toBe('not sent yet')
  expect(await log(page).getByText('to you').count()).toBe(0)
  await button(page, 'Show it').click()
  await log(page).getByText('and <b> is text').waitFor()
})

test('an answer is stopped by its button', async () => {
  const { slug } = await pageWithBot()
  const page = await browser.stranger(server.current)
  await page.goto(`${server.current.url}/@${slug}`)
  await say(page, scripted({ text: 'word '.repeat(400), delayMs: 30 }))
  await log(page).getByText('word word').waitFor()
  await button(page, 'Stop the answer').click()
  await button(page, 'Send').waitFor()
})

test('buttons show surfaces, whose links open apart and whose questions are answered', async () => {
  const { slug, linkId } = await pageWithBot()
  const page = await browser.stranger(server.current, { width: 390, colorScheme: 'dark' })
  await page.goto(`${server.current.url}/@${slug}`)
  await button(page, 'Where to find you').tap()
  const link = log(page).getByRole('link', { name: /Newsletter/ })
  await link.waitFor()
  expect(await link.getAttribute('href')).toContain(`/@${slug}/go/${linkId}`)
  expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual(['_blank', 'noopener'])

  await button(page, 'Questions').tap()
  await button(page, 'Do you ship abroad?').tap()
  await log(page).getByText('Yes, everywhere.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  const heights = await page
    .locator('.chat')
    .getByRole('button')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
})

test('what is said while the network is away is kept through a reload, and said once when it is back', async () => {
  const { slug } = await pageWithBot()
  const page = await browser.stranger(server.current)
  const sockets: WebSocketRoute[] = []
  let isAway = false
  await page.routeWebSocket(/\/socket$/, (socket) => {
    if (isAway) return void socket.close()
    socket.connectToServer()
    sockets.push(socket)
  })
  await page.route('**/visit', (route) => (isAway ? route.abort() : route.continue()))
  await page.goto(`${server.current.url}/@${slug}`)
  await say(page, scripted({ text: 'first answer' }))
  await log(page).getByText('first answer', { exact: true }).waitFor()

  isAway = true
  await Promise.all(sockets.splice(0).map((socket) => socket.close()))
  await page.getByText('No connection.').waitFor()
  await say(page, scripted({ text: 'second answer' }))
  await page.getByText('Will be sent when the connection is back.').waitFor()
  await page.reload()
  await page.getByText('Will be sent when the connection is back.').waitFor()
  isAway = false
  await log(page).getByText('second answer', { exact: true }).waitFor()

  await page.reload()
  await button(page, 'Show it').click()
  await log(page).getByText('second answer', { exact: true }).waitFor()
  expect(await log(page).locator('.turn.visitor').count()).toBe(2)
})

test('over the limit the server’s words are shown, and what was written is still there', async () => {
  const { slug } = await pageWithBot({ visitorDailyLimit: 1 })
  const page = await browser.stranger(server.current)
  await page.goto(`${server.current.url}/@${slug}`)
  await say(page, scripted({ text: 'only this' }))
  await log(page).getByText('only this', { exact: true }).waitFor()
  await say(page, 'And one more thing')
  await page.getByRole('status').getByText('That was a lot of questions for one day.').waitFor()
  expect(await field(page).inputValue()).toBe('And one more thing')
})

// What pages do to what stands on them.
const hostile = `*{color:red!important;font-family:Impact!important;border:3px dotted lime!important;--accent:hotpink}
html{font-size:10px}div,dialog,button,textarea{display:none!important;transform:rotate(9deg)!important}body>*{opacity:.2!important}`

test('on another site the widget opens beside the page, survives its rules, and leaves it as it was', async () => {
  const other = createServer((request, response) => {
    const policy = `default-src 'none'; script-src ${server.current.url}; connect-src ${server.current.url} ${server.current.url.replace('http', 'ws')}`
    response.setHeader('content-type', 'text/html')
    if (request.url?.startsWith('/strict')) response.setHeader('content-security-policy', policy)
    const slug = new URL(request.url!, 'http://other').searchParams.get('slug')
    response.end(
      `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Elsewhere</title>${
        request.url?.startsWith('/strict') ? '' : `<style>${hostile}</style>`
      }</head><body><main><h1>Elsewhere</h1></main><script src="${server.current.url}/widget.js" data-page="${slug}" async></script></body></html>`,
    )
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const origin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  try {
    const { slug } = await pageWithBot({ allowedOrigins: [origin] })
    const page = await browser.stranger(server.current)
    await page.waitForLoadState('networkidle')
    const noise: string[] = []
    page.on('console', (message) => noise.push(message.text()))
    await page.goto(`${origin}/?slug=${slug}`)
    await button(page, 'Chat with Ada').click()
    const panel = page.getByRole('dialog', { name: 'Chat with Ada' })
    await panel.getByText('Welcome in.').waitFor()
    expect(await panel.evaluate((element) => getComputedStyle(element).fontFamily)).not.toContain('Impact')
    await page.keyboard.type(scripted({ text: 'from afar' }))
    await page.keyboard.press('Enter')
    await panel.getByText('from afar', { exact: true }).waitFor()
    await button(page, 'Questions').click()
    await button(page, 'Do you ship abroad?').click()
    await panel.getByText('Yes, everywhere.').waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })

    expect(noise).toEqual([])
    expect(await page.context().cookies()).toEqual([])
    expect(
      await page.evaluate(() => {
        const frame = document.body.appendChild(document.createElement('iframe'))
        const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow))
        frame.remove()
        return {
          // Lit says that it is there, and the test's own tools do.
          globals: Object.getOwnPropertyNames(window).filter(
            (name) => !usual.has(name) && !/^(?:__pw|__playwright|axe|lit[A-Z]|reactiveElement)|^\d+$/.test(name),
          ),
          sheets: document.adoptedStyleSheets.length + document.styleSheets.length,
          scheme: getComputedStyle(document.documentElement).colorScheme,
        }
      }),
    ).toEqual({ globals: [], sheets: 1, scheme: 'normal' })

    // The visit is found again, and a phone is filled by it.
    await page.reload()
    await button(page, 'Chat with Ada').click()
    await panel.getByText('from afar', { exact: true }).waitFor()
    const phone = await browser.stranger(server.current, { width: 390 })
    await phone.goto(`${origin}/strict?slug=${slug}`)
    await button(phone, 'Chat with Ada').tap()
    const box = await phone.getByRole('dialog').boundingBox()
    expect(box).toMatchObject({ x: 0, y: 0, width: 390, height: 844 })
    await button(phone, 'Where to find you').tap()
    await phone
      .getByRole('dialog')
      .getByRole('link', { name: /Newsletter/ })
      .waitFor()
    expect(await accessibilityProblems(phone)).toEqual([])
    await button(phone, 'Close the chat').tap()
    expect(await phone.getByRole('dialog').count()).toBe(0)

    const elsewhere = await browser.stranger(server.current)
    await elsewhere.goto(`${origin.replace('127.0.0.1', 'localhost')}/?slug=${slug}`, { waitUntil: 'networkidle' })
    expect(await elsewhere.locator('parley-widget').count()).toBe(0)
  } finally {
    other.closeAllConnections()
    other.close()
  }
})

test('who owns the page finds the visit in the inbox, takes over, and the visitor reads the answer', async () => {
  const { slug, person } = await pageWithBot()
  const visitor = await browser.stranger(server.current, { width: 390 })
  await visitor.goto(`${server.current.url}/@${slug}`)
  await button(visitor, 'Where to find you').tap()
  await log(visitor)
    .getByRole('link', { name: /Newsletter/ })
    .waitFor()

  const page = await browser.open(server.current, person)
  await page.getByRole('link', { name: 'Inbox' }).click()
  await page.getByRole('link', { name: /A visitor/ }).click()
  // What was shown is shown here too, and does nothing.
  await page.getByLabel('Messages').getByText('Newsletter', { exact: true }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(page, 'Take over').click()
  await page.getByLabel('Your answer').fill('This is me, in **person**.')
  await page.keyboard.press('Enter')

  await log(visitor).getByText('This is me, in person.').waitFor()
  await log(visitor).getByText('owner', { exact: true }).waitFor()
  await field(visitor).fill('How kind!')
  await visitor.keyboard.press('Enter')
  await page.reload()
  await page.getByText('How kind!').waitFor()
})

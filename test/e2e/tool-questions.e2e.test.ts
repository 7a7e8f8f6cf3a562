import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import type { Person } from '../support/test-app.ts'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { useConversationApp } from '../support/conversation-app.ts'
import { makeAskingServer } from '../support/mcp-server/asking.ts'
import { type HttpMcpServer, startHttpMcpServer } from '../support/mcp-server/index.ts'
import { type SignInServer, startSignInServer } from '../support/mcp-server/sign-in-server.ts'
import { scripted, startTurn } from '../support/turn-client.ts'

const { shared, begin } = await useConversationApp({ EGRESS_ALLOW: '127.0.0.1' })
const browser = useBrowser()
let http: HttpMcpServer
let signIn: SignInServer
beforeAll(async () => {
  http = await startHttpMcpServer(() => makeAskingServer())
  signIn = await startSignInServer()
})
afterAll(async () => {
  await http[Symbol.asyncDispose]()
  await signIn[Symbol.asyncDispose]()
})

const button = (scope: Page | Locator, name: string | RegExp): Locator => scope.getByRole('button', { name, exact: true })
const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

async function addServer(person: Person, name: string, url: string, credentials: 'shared' | 'oauth' = 'shared') {
  const { id } = await person.get('mcpServers.create', { workspaceId: person.workspaceId, name, transport: 'http', url, credentials })
  return id
}

async function allowAll(person: Person, id: string) {
  await person.get('mcpServers.test', { id })
  const tools = await person.get('mcpServers.listTools', { id })
  await person.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
}

/** A conversation whose answer waits in this call. */
async function asking(person: Person, conversationId: string, name: string) {
  const answer = await startTurn(person, conversationId, {
    text: scripted({ toolRounds: [[{ name, arguments: {} }]], text: 'It is done.' }),
  })
  void answer.body?.cancel()
}

test('by keyboard alone: a form is filled in, refused where it is wrong, survives a reload and lets the answer go on', async () => {
  const [person, conversationId] = await begin()
  await allowAll(person, await addServer(person, 'Bakery', http.url))
  await asking(person, conversationId, 'bakery__order')
  const page = await browser.open(shared.current, person, `/c/${conversationId}`)
  const card = page.getByRole('region', { name: 'Bakery asks you' })
  await card.getByText('Which cake shall it be?').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'question-form')
  await page.reload()
  await card.getByLabel('Name on the cake').focus()
  await page.keyboard.press('Enter')
  await card.getByText('Name on the cake is needed.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'question-wrong')
  await card.getByLabel('Name on the cake').fill('Jo')
  await card.getByLabel('mail').fill('jo@example.com')
  await card.getByLabel('candles').fill('many')
  await button(card, 'Send').press('Enter')
  await card.getByText('candles is no number.').waitFor()
  await expect.poll(() => focusedName(page)).toBe('candles')
  await card.getByLabel('candles').fill('3')
  await card.getByLabel('size').selectOption('l')
  await card.getByLabel('nuts').press('Space')
  await button(card, 'Send').press('Enter')
  await page.getByText('It is done.', { exact: true }).waitFor()
  await card.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Order/ }).press('Enter')
  await page.getByText('You agreed.').waitFor()
  await page.getByText(/"candles":3/).waitFor()
  await look(page, 'question-answered')
})

test('an address is shown with its whole host, on a phone and in the dark', async () => {
  const [person, conversationId] = await begin()
  await allowAll(person, await addServer(person, 'Shop', http.url))
  await asking(person, conversationId, 'shop__visit')
  const page = await browser.open(shared.current, person, `/c/${conversationId}`, { width: 390, colorScheme: 'dark' })
  const card = page.getByRole('region', { name: 'Shop wants you to open an address' })
  await card.getByText('pay.shop.example', { exact: true }).waitFor()
  expect(await card.getByRole('link').getAttribute('href')).toBe('https://pay.shop.example/order/7')
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'question-url')
  await button(card, 'Decline').click()
  await page.getByText('It is done.', { exact: true }).waitFor()
})

test('a model is asked for a server once the person lets it, and what it said is shown', async () => {
  const [person, conversationId] = await begin()
  const id = await addServer(person, 'Thinker', http.url)
  await allowAll(person, id)
  await person.get('mcpServers.update', { id, sampling: 'ask' })
  await asking(person, conversationId, 'thinker__think')
  const page = await browser.open(shared.current, person, `/c/${conversationId}`)
  const card = page.getByRole('region', { name: 'Thinker asks for the model' })
  await card.getByText('Name this cake.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'question-sampling')
  await button(card, 'Let it ask').press('Enter')
  await page.getByText('It is done.', { exact: true }).waitFor()
})

test('a missing sign-in is made up for in a tab of its own, and the answer goes on', async () => {
  const [person, conversationId] = await begin()
  const id = await addServer(person, 'Signed', signIn.url, 'oauth')
  const { url } = await person.get('mcpServers.authorize', { id })
  await person.get('mcpServers.finishAuthorization', await signIn.signIn(url))
  await allowAll(person, id)
  await person.get('mcpServers.deleteCredential', { id })
  await asking(person, conversationId, 'signed__process')
  const page = await browser.open(shared.current, person, `/c/${conversationId}`)
  const card = page.getByRole('region', { name: 'Connect to Signed?' })
  await card.waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'question-connect')
  // The server of a test has a port of its own, which it does not know when it says where to come back to.
  await page.context().route(/\/authorize\?/, async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 })
    const back = new URL(answer.headers()['location']!)
    await route.fulfill({ status: 302, headers: { location: shared.current.url + back.pathname + back.search } })
  })
  const opened = page.context().waitForEvent('page')
  await button(card, 'Connect').click()
  await opened
  await page.getByText('It is done.', { exact: true }).waitFor()
  await card.waitFor({ state: 'detached' })
})

test('prompts of a server stand in the menu of “/”, with their source, and are put in as their text', async () => {
  const offering = await startHttpMcpServer()
  try {
    const [person, conversationId] = await begin()
    await person.get('mcpServers.test', { id: await addServer(person, 'Desk', offering.url) })
    const page = await browser.open(shared.current, person, `/c/${conversationId}`)
    const field = page.getByRole('textbox', { name: 'Your message' })
    await field.focus()
    await page.keyboard.type('/rev')
    const option = page.getByRole('option', { name: /Review.*Desk/ })
    await option.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await look(page, 'prompt-menu')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Review' })
    await dialog.getByText('From Desk.').waitFor()
    await button(dialog, 'Put in').click()
    await expect.poll(() => dialog.locator('[aria-invalid]').count()).toBe(1)
    await dialog.getByLabel('what').fill('my essay')
    expect(await accessibilityProblems(page)).toEqual([])
    await look(page, 'prompt-dialog')
    await button(dialog, 'Put in').click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Review', { exact: true }).waitFor()
    await field.focus()
    await page.keyboard.press('Enter')
    // Braces of the server's are no variables.
    await page.getByText('Review {{this}}: my essay (kindly)').first().waitFor()
  } finally {
    await offering[Symbol.asyncDispose]()
  }
})

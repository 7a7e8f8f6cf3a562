import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import type { OAuthClientInformationMixed, OAuthClientProvider, OAuthTokens } from '@modelcontextprotocol/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asking, letIn, register } from '../support/app-client.ts'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()
const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

/** What a program on the device listens with for the answer. */
let callback: Server
let callbackUrl = ''
let answered: (params: URLSearchParams) => void = () => {}
beforeAll(async () => {
  callback = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Program</title><p>Back in the program')
    if (pathname === '/callback') answered(searchParams)
  })
  await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve))
  callbackUrl = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/callback`
})
afterAll(() => {
  callback.close()
  callback.closeAllConnections()
})
const nextAnswer = () => new Promise<URLSearchParams>((resolve) => (answered = resolve))

/** The official client's own way to be let in. */
class Program implements OAuthClientProvider {
  readonly redirectUrl = callbackUrl
  readonly clientMetadata = { client_name: 'Notebook', redirect_uris: [callbackUrl], token_endpoint_auth_method: 'none' }
  information: OAuthClientInformationMixed | undefined
  kept: OAuthTokens | undefined
  verifier = ''
  sentTo: URL | undefined
  state = () => '12345678901234567890'
  clientInformation = () => this.information
  saveClientInformation = (information: OAuthClientInformationMixed) => void (this.information = information)
  tokens = () => this.kept
  saveTokens = (tokens: OAuthTokens) => void (this.kept = tokens)
  redirectToAuthorization = (url: URL) => void (this.sentTo = url)
  saveCodeVerifier = (verifier: string) => void (this.verifier = verifier)
  codeVerifier = () => this.verifier
}

test('the official client is let in by a person in a browser, who signs in on the way, and put out again', async () => {
  const { current } = server
  const [ada] = await current.people('ada')
  const program = new Program()
  const address = new URL(`${current.url}/mcp`)
  const transport = new StreamableHTTPClientTransport(address, { authProvider: program })
  await expect(new Client({ name: 'notebook', version: '1' }).connect(transport)).rejects.toThrow(UnauthorizedError)

  const page = await browser.stranger(current)
  await page.goto(program.sentTo!.href)
  await page.getByLabel('E-mail').fill(ada.email)
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Let “Notebook” use Parley for you?' }).waitFor()
  await page.getByText('Nobody has checked this program').waitFor()
  await page.getByText('Your answer goes to a program on this device.').waitFor()
  await look(page, 'apps-ask')
  expect(await accessibilityProblems(page)).toEqual([])

  const answer = nextAnswer()
  await page.getByRole('checkbox', { name: 'Ask your agents' }).uncheck()
  await page.getByRole('button', { name: 'Allow' }).focus()
  await page.keyboard.press('Enter')
  const params = await answer
  await page.getByText('Back in the program').waitFor()
  expect(params.get('state')).toBe('12345678901234567890')
  await transport.finishAuth(params)

  const client = new Client({ name: 'notebook', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(address, { authProvider: program }))
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('list_conversations')
  expect(program.kept!.scope).toBe('conversations:read conversations:write prompts:read')

  await page.goto(`${current.url}/settings/apps`)
  const row = page.getByRole('listitem').filter({ hasText: 'Notebook' })
  await row.getByText(/last used/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'apps-settings')
  await row.getByRole('button', { name: 'Disconnect Notebook' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).press('Enter')
  await page.getByText('No program is connected').waitFor()
  await expect(client.listTools()).rejects.toThrow()
  await client.close()
})

test('who cancels sends the program away; by keyboard alone', async () => {
  const { current } = server
  const [ada] = await current.people('ada')
  const clientId = await register(current, { client_name: 'Nosy', redirect_uris: [callbackUrl] })
  const { query } = await asking(current, { redirect_uri: callbackUrl, scope: 'conversations:read tools:decide' }, clientId)
  const page = await browser.open(current, ada, `/oauth/authorize?${query}`)
  const decides = page.getByRole('checkbox', { name: 'Answer for you when a tool asks for permission' })
  await decides.waitFor()
  expect(await decides.isChecked()).toBe(false)
  expect(await page.getByRole('checkbox').count()).toBe(2)
  await page.getByRole('checkbox', { name: 'Read your conversations' }).focus()
  await page.keyboard.press('Space')
  await page.getByText('Choose at least one, or cancel.').waitFor()
  for (const name of ['Answer for you when a tool asks for permission', 'Allow', 'Cancel']) {
    await page.keyboard.press('Tab')
    await expect.poll(() => focusedName(page)).toBe(name)
  }
  const answer = nextAnswer()
  await page.keyboard.press('Enter')
  expect(Object.fromEntries(await answer)).toEqual({ error: 'access_denied', state: 'as it was', iss: current.url })
  expect(await ada.get('apps.list')).toEqual([])
})

test('a wrong request stays here, on a phone in the dark; nobody is sent on', async () => {
  const { current } = server
  const [ada] = await current.people('ada')
  const { query } = await asking(current, { redirect_uri: 'https://evil.example/' })
  const page = await browser.open(current, ada, `/oauth/authorize?${query}`, { width: 390, colorScheme: 'dark' })
  const headers = (await fetch(page.url(), { headers: { accept: 'text/html' } })).headers
  // Nobody draws over the buttons.
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('x-frame-options')).toBe('DENY')
  await page.getByRole('heading', { name: 'This program cannot be let in' }).waitFor()
  await page.getByText('It wants its answer at an address that it has not registered.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'apps-wrong-phone-dark')
  expect(new URL(page.url()).origin).toBe(current.url)

  const { query: right } = await asking(current, { scope: 'conversations:read conversations:write agents:use prompts:read tools:decide' })
  await page.goto(`${current.url}/oauth/authorize?${right}`)
  await page.getByRole('button', { name: 'Allow' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await look(page, 'apps-ask-phone-dark')
})

test('how to add Parley to a program is there to be copied; connected programs come and go on every device', async () => {
  const { current } = server
  const [ada] = await current.people('ada')
  const page = await browser.open(current, ada, '/settings/apps', { width: 390 })
  await page.getByText('No program is connected').waitFor()
  await page.getByText(`claude mcp add --transport http parley ${current.url}/mcp`).waitFor()
  await page.getByLabel('How to add it').first().selectOption('With an API key')
  await page.getByText('"Authorization": "Bearer pk_…"').waitFor()
  await page.getByRole('link', { name: 'Make an API key' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'apps-settings-phone')
  const { id } = await letIn(current, ada)
  await page.getByRole('listitem').filter({ hasText: 'A program' }).waitFor()
  await look(page, 'apps-settings-phone-full')
  await ada.get('apps.disconnect', { id })
  await page.getByText('No program is connected').waitFor()
})

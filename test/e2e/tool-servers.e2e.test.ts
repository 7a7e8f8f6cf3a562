import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { type HttpMcpServer, startHttpMcpServer, stdioServer } from '../support/mcp-server/index.ts'
import { startSignInServer } from '../support/mcp-server/sign-in-server.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const browser = useBrowser()
let http: HttpMcpServer
beforeAll(async () => {
  http = await startHttpMcpServer()
})
afterAll(() => http[Symbol.asyncDispose]())

const path = '/settings/tool-servers'
const button = (scope: Page | Locator, name: string | RegExp): Locator => scope.getByRole('button', { name, exact: true })
const row = (page: Page, name: string): Locator => page.getByRole('listitem').filter({ hasText: name })
const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

test('by keyboard alone: a server is added by its address, tested, its tools are listed and one is allowed', async () => {
  const [person] = await server.current.people('tessa')
  const page = await browser.open(server.current, person, path)
  await page.getByText('No tool servers yet').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-empty')
  await button(page, 'Add a server').press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add a server' })
  await dialog.waitFor()
  // Who may not run code on the machine is not offered programs.
  expect(await dialog.getByRole('radio').count()).toBe(2)
  await dialog.getByLabel('Name', { exact: true }).focus()
  await page.keyboard.type('Sums')
  await page.keyboard.press('Tab')
  await expect.poll(() => focusedName(page)).toBe('Address')
  await page.keyboard.press('Enter')
  await dialog.getByText('Enter an address that begins with').first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-add')
  await dialog.getByLabel('Address', { exact: true }).fill(http.url)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await row(page, 'Sums').getByText('Connected').waitFor()
  await page.getByText(/^Sums works: \d+ tools found\.$/).waitFor()
  await look(page, 'tools-list')
  expect(await accessibilityProblems(page)).toEqual([])

  await page.getByRole('link', { name: /^\d+ tools of Sums$/ }).press('Enter')
  const add = row(page, 'sums__add')
  await add.waitFor()
  await add.getByLabel('Permission of add').selectOption('Allow')
  const [one] = await person.get('mcpServers.list', { workspaceId: person.workspaceId })
  const permissionOf = async (name: string) =>
    (await person.get('mcpServers.listTools', { id: one!.id })).find((tool) => tool.name === name)!.permission
  await expect.poll(() => permissionOf('add')).toBe('allow')
  expect(await permissionOf('die')).toBe('ask')
  await page.getByRole('heading', { name: 'History' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-detail')
})

test('a server that is gone says why, on every device and on a phone, in the dark', async () => {
  const [person] = await server.current.people('tom')
  const dying = await startHttpMcpServer()
  const { id } = await person.get('mcpServers.create', {
    workspaceId: person.workspaceId,
    name: 'Weather',
    transport: 'http',
    url: dying.url,
  })
  await person.get('mcpServers.test', { id })
  await person.get('mcpServers.create', {
    workspaceId: person.workspaceId,
    name: 'Mine',
    transport: 'http',
    url: http.url,
    credentials: 'personal',
  })
  const page = await browser.open(server.current, person, path, { width: 390, colorScheme: 'dark' })
  await row(page, 'Weather').getByText('Connected').waitFor()
  await dying[Symbol.asyncDispose]()
  await person.get('mcpServers.test', { id })
  await row(page, 'Weather').getByText('The address could not be reached.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-phone')

  await page.getByRole('link', { name: 'Give yours' }).click()
  await page.getByLabel('Headers').fill('Authorization: Bearer mine')
  await button(page, 'Save').click()
  await page.getByText('Given. They are sealed').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-phone-detail')
})

test('an administrator adds programs by the JSON of another client, and what is wrong in it is said at the field', async () => {
  const admin = await server.current.admin()
  const page = await browser.open(server.current, admin, path, { colorScheme: 'dark' })
  await button(page, 'Add a server').click()
  const dialog = page.getByRole('dialog', { name: 'Add a server' })
  await dialog.getByRole('radio', { name: /^Program/ }).check()
  await look(page, 'tools-program')
  await dialog.getByRole('radio', { name: /^JSON/ }).check()
  await dialog.getByRole('textbox', { name: 'JSON' }).fill('{"mcpServers": {"local": {}}}')
  await button(dialog, 'Add and test').click()
  await dialog.getByText('local: there is neither a command nor an address.').first().waitFor()
  await look(page, 'tools-json')
  await dialog
    .getByRole('textbox', { name: 'JSON' })
    .fill(JSON.stringify({ mcpServers: { local: stdioServer(), lost: stdioServer('ends') } }))
  await button(dialog, 'Add and test').click()
  await dialog.waitFor({ state: 'detached' })
  await row(page, 'local').getByText('Connected').waitFor()
  await row(page, 'lost')
    .getByText(/no licence found/)
    .waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-admin')

  await button(page, 'More about lost').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await button(page.getByRole('dialog', { name: 'Delete “lost”?' }), 'Delete').click()
  await row(page, 'lost').waitFor({ state: 'detached' })
})

test('a person connects by the sign-in of the server, comes back, and forgets it again', async () => {
  await using signIn = await startSignInServer()
  const [person] = await server.current.people('sina')
  const { id } = await person.get('mcpServers.create', {
    workspaceId: person.workspaceId,
    name: 'Signed',
    transport: 'http',
    url: signIn.url,
    credentials: 'oauth',
  })
  const page = await browser.open(server.current, person, `${path}/${id}`, { width: 390 })
  // The server of a test has a port of its own, which it does not know when it says where to come back to.
  await page.route(/\/authorize\?/, async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 })
    const back = new URL(answer.headers()['location']!)
    await route.fulfill({ status: 302, headers: { location: server.current.url + back.pathname + back.search } })
  })
  await page.getByText('You are not signed in there yet.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(page, 'Connect').press('Enter')
  await page.waitForURL(`**${path}/${id}`)
  await page.getByText('You are signed in there.').waitFor()
  await button(page, 'Test again').click()
  await row(page, 'signed__add').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-signed-in')
  // What was brought counts once.
  await page.goto(`${server.current.url}${path}/signed-in?state=spent&code=spent`)
  await page.getByText('This sign-in is over').waitFor()
  expect(page.url()).not.toContain('spent')
  await look(page, 'tools-sign-in-over')
  await page.goto(`${server.current.url}${path}/${id}`)
  await button(page, 'Forget them').click()
  await button(page, 'Connect').waitFor()
})

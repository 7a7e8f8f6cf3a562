import pg from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { testPostgres, type TestDatabase } from '../support/postgres.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const browser = useBrowser()
const role = `reader_${Date.now()}`
let shop: ApiServer
let database: TestDatabase
let admin: pg.Client
beforeAll(async () => {
  shop = await startApiServer()
  database = await testPostgres('empty')
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(
    `create role ${role} login password 'pw'; create table lamp (id int, name text); insert into lamp values (1, 'tall'); grant select on lamp to ${role}`,
  )
})
afterAll(async () => {
  await admin.query(`drop owned by ${role}; drop role ${role}`)
  await admin.end()
  await database[Symbol.asyncDispose]()
  await shop.close()
})

const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('by keyboard: an API is added by its description, tried, and what it may do is changed on every device', async () => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, '/settings/custom-tools')
  await page.getByText('No APIs or databases yet').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-empty')
  const other = await page.context().newPage()
  await other.goto(`${server.current.url}/settings/custom-tools`)
  await other.getByText('No APIs or databases yet').waitFor()

  await button(page, 'Add an API').focus()
  await page.keyboard.press('Enter')
  const address = page.getByRole('textbox', { name: 'Address of its description' })
  await address.waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Give an address or a text.').first().waitFor()
  await address.fill(`${shop.url}/v1/broken`)
  await page.keyboard.press('Enter')
  await page.getByText('status 500').waitFor()
  await look(page, 'tools-unreachable')
  await address.fill(`${shop.url}/openapi.json`)
  await page.keyboard.press('Enter')
  await page.getByText('Shop offers 12 operations.').waitFor()
  expect(await page.getByRole('combobox', { name: 'How it knows who asks' }).inputValue()).toBe('api_key')
  expect(
    await page
      .getByRole('textbox', { name: 'Address of the API' })
      .or(page.getByRole('combobox', { name: 'Address of the API' }))
      .inputValue(),
  ).toBe(`${shop.url}/v1`)
  expect(await page.getByRole('checkbox', { name: 'POST /upload' }).isDisabled()).toBe(true)
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-choose')
  await button(page, 'Add').click()
  await page.getByText('Choose at least one.').first().waitFor()
  await page.getByRole('textbox', { name: 'Key', exact: true }).fill('k-123')
  await page.getByRole('searchbox', { name: 'Find an operation' }).fill('item')
  await page.getByRole('checkbox', { name: 'GET /items/{id}' }).focus()
  await page.keyboard.press('Space')
  await page.getByRole('combobox', { name: 'Permission for getItem' }).selectOption('allow')
  await button(page, 'Add').click()

  await page.getByText('Added “Shop”').waitFor()
  await page.getByText(`${shop.url}/v1 · API key · 1 operation`).waitFor()
  await other.getByText(`${shop.url}/v1 · API key · 1 operation`).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-list')

  await button(page, 'Operations of Shop').click()
  const tried = page.getByRole('textbox', { name: 'Arguments, as JSON' })
  await expect.poll(() => tried.inputValue()).toContain('"id": 0')
  await tried.fill('{"id": 7}')
  await button(page, 'Run').click()
  await page.getByText('"name":"A lamp"').waitFor()
  expect(shop.requests.at(-1)?.headers['x-shop-key']).toBe('k-123')
  await page.getByRole('combobox', { name: 'Permission for getItem' }).selectOption('deny')
  await expect
    .poll(async () => (await ada.get('customTools.list', { workspaceId: ada.workspaceId }))[0]?.operations[0]?.permission)
    .toBe('deny')
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'tools-operations')
  await page.keyboard.press('Escape')

  await button(page, 'More about Shop').click()
  await page.getByRole('menuitem', { name: 'Switch off' }).click()
  await other.getByText('off', { exact: true }).waitFor()
  await button(page, 'More about Shop').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: 'Delete' }).click()
  await other.getByText('No APIs or databases yet').waitFor()
})

test('on a phone, in the dark: a database is tested, added and read', async () => {
  const [ada] = await server.current.people('bea')
  const page = await browser.open(server.current, ada, '/settings/custom-tools', { width: 390, colorScheme: 'dark' })
  await button(page, 'Add a database').click()
  const { hostname, port, pathname } = new URL(database.url)
  const fill = (name: string, value: string) => page.getByRole('textbox', { name, exact: true }).fill(value)
  await fill('Name', 'Lamps')
  await fill('Host', hostname)
  await fill('Port', port)
  await fill('Database', pathname.slice(1))
  await fill('Account', 'postgres')
  await page.getByRole('combobox', { name: 'Encryption' }).selectOption('off')
  await button(page, 'Test and add').click()
  await page.getByText('Give an account that may only read.').first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'database-refused')
  await fill('Account', role)
  await fill('Password', 'pw')
  await button(page, 'Test and add').click()
  await page.getByText('Added “Lamps”').waitFor()
  await look(page, 'database-list')

  await button(page, 'Operations of Lamps').click()
  await page.getByRole('combobox', { name: 'Operation', exact: true }).selectOption('query')
  await page.getByRole('textbox', { name: 'Arguments, as JSON' }).fill('{"sql": "select * from lamp"}')
  await button(page, 'Run').click()
  await page.getByText('1,tall').waitFor()
  await page.getByRole('textbox', { name: 'Arguments, as JSON' }).fill('{"sql": "delete from lamp"}')
  await button(page, 'Run').click()
  await page.getByText('It failed after').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'database-tried')
})

test('a search of the web is added once, changed, and tried', async () => {
  const [ada] = await server.current.people('cleo')
  const page = await browser.open(server.current, ada, '/settings/custom-tools')
  await button(page, 'Add web search').click()
  await button(page, 'Add').click()
  await page.getByText('This is needed.').first().waitFor()
  await page.getByRole('combobox', { name: 'Provider' }).selectOption('searxng')
  await page.getByRole('textbox', { name: 'Address' }).fill(shop.url)
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'search-form')
  await button(page, 'Add').click()
  await page.getByText('SearXNG, a server of your own').waitFor()
  await expect.poll(() => button(page, 'Add web search').count()).toBe(0)

  await button(page, 'Operations of Web search').click()
  await page.getByRole('textbox', { name: 'Arguments, as JSON' }).fill('{"query": "lamps"}')
  await button(page, 'Run').click()
  await page.getByText('https://lamps.example/tall').waitFor()
  await page.keyboard.press('Escape')
  await button(page, 'More about Web search').click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect.poll(() => page.getByRole('textbox', { name: 'Address' }).inputValue()).toBe(shop.url)
})

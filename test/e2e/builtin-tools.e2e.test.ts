import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'
import { conversationWith } from '../support/turn-client.ts'

const provider: ProviderServer = await startProviderServer()
afterAll(() => provider.close())
const server = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), TITLES: 'first-line', EGRESS_ALLOW: '127.0.0.1' },
})
beforeAll(async () => {
  await server.current.app.listing?.firstRound
})
const browser = useBrowser()
const shots = process.env['SHOTS']
const windows = [
  { width: 1440, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
]

test.each(windows)(
  'a provider’s own search is switched in the composer and shows what it found, $width px',
  async ({ width, colorScheme }) => {
    const [person] = await server.current.people(`sue${width}`)
    await person.get('connections.create', {
      workspaceId: person.workspaceId,
      provider: 'anthropic',
      apiKey: 'sk-1',
      baseUrl: provider.baseUrl('anthropic'),
    })
    const id = await conversationWith(person, 'claude-sonnet-4-5')
    const page = await browser.open(server.current, person, `/c/${id}`, { width, colorScheme })
    const look = async (name: string) => {
      if (shots) await page.screenshot({ path: `${shots}/${name}-${width}.png` })
    }
    const search = page.getByRole('button', { name: 'Web search', exact: true })
    await search.waitFor()
    expect(await search.getAttribute('aria-pressed')).toBe('false')
    await search.click()
    await expect.poll(() => search.getAttribute('aria-pressed')).toBe('true')
    await expect.poll(async () => (await person.get('conversations.getSettings', { id })).effective.webSearch?.value).toBe('provider')
    expect(await search.getAttribute('aria-description')).toBe('Web search is on: The search of Anthropic')

    const script = {
      search: { query: 'tall lamps', results: [{ url: 'https://lamps.example/tall', title: 'All about lamps' }] },
      text: 'Lamps are tall, and some are taller than that.',
    }
    await page.getByRole('textbox', { name: 'Your message' }).fill(`Go [[${JSON.stringify(script)}]]`)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Lamps are tall, and some are taller than that.', { exact: true }).waitFor()
    await page.getByRole('list', { name: 'Source' }).getByRole('link', { name: 'All about lamps' }).waitFor()
    const row = page.getByRole('button', { name: /Web search of Anthropic tall lamps/ })
    await row.click()
    await page.getByText('https://lamps.example/tall').first().waitFor()
    await look('search')
    expect(await accessibilityProblems(page)).toEqual([])
    await search.click()
    await expect.poll(() => search.getAttribute('aria-pressed')).toBe('false')
  },
)

test.each(windows)('a plan is one list, and a changed file shows what changed and goes back, $width px', async ({ width, colorScheme }) => {
  const [person] = await server.current.people(`pia${width}`)
  const id = await conversationWith(person, 'gpt-4o')
  const page = await browser.open(server.current, person, `/c/${id}`, { width, colorScheme })
  const look = async (name: string) => {
    if (shots) await page.screenshot({ path: `${shots}/${name}-${width}.png` })
  }
  const plan = (state: string) => ({
    name: 'plan',
    arguments: {
      steps: [
        { text: 'Write the list', state: 'done' },
        { text: 'Correct it', state },
      ],
    },
  })
  const script = {
    toolRounds: [
      [plan('open'), { name: 'create_file', arguments: { name: 'list.md', content: 'Bread\nMilk\nEggs\n' } }],
      [plan('active'), { name: 'edit_file', arguments: { name: 'list.md', changes: [{ find: 'Milk', replace: 'Oat milk' }] } }],
      [plan('done')],
    ],
    text: 'The list is there.',
  }
  await page.getByRole('textbox', { name: 'Your message' }).fill(`Go [[${JSON.stringify(script)}]]`)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('button', { name: 'Allow once', exact: true }).click()
  await page.getByText('The list is there.', { exact: true }).waitFor()
  const card = page.locator('.plan')
  await expect.poll(() => card.count()).toBe(1)
  await card.getByText('2 of 2 done').waitFor()
  await expect.poll(() => card.getAttribute('open')).toBeNull()
  await card.getByText('2 of 2 done').click()
  await card.getByText('Correct it').waitFor()
  await look('plan')
  expect(await accessibilityProblems(page)).toEqual([])

  await page.getByText('Version 2').waitFor()
  await page.getByRole('button', { name: 'Changes in list.md' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Oat milk').first().waitFor()
  await look('changes')
  expect(await accessibilityProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Restore version 1' }).click()
  await page.getByText('list.md is as it was, as version 3').waitFor()
})

test('an administrator makes an agent for everybody, and somebody else finds it', async () => {
  const admin = await server.current.admin()
  const [nina] = await server.current.people('nina')
  const page = await browser.open(server.current, admin, '/agents/new')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('House guide')
  await page.getByRole('combobox', { name: 'Who it is for' }).selectOption('server')
  await page.getByText('In every workspace, and administrators of the server may change it.', { exact: false }).waitFor()
  if (shots) await page.screenshot({ path: `${shots}/agent-for-all.png`, fullPage: true })
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: /Create|Save/ }).click()
  await expect.poll(async () => (await nina.get('agents.list', { workspaceId: nina.workspaceId })).agents.length).toBe(1)
  const other = await browser.open(server.current, nina, '/agents')
  await other.getByText('for everybody on this server', { exact: false }).waitFor()
  expect(await other.getByRole('button', { name: 'Delete House guide' }).count()).toBe(0)
})

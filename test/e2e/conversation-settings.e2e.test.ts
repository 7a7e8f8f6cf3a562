import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1', TITLES: 'first-line' } })
const browser = useBrowser()
let provider: ProviderServer
beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())
const shots = process.env['SHOTS']

test.each([
  { width: 1440, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('how much a model thinks, what is shown of usage, and from when on to be told, $width px', async ({ width, colorScheme }) => {
  const [person] = await server.current.people(`tilda${width}`)
  const { workspaceId } = person
  const baseUrl = provider.baseUrl('anthropic')
  const connection = await person.get('connections.create', {
    workspaceId,
    provider: 'anthropic',
    name: 'Mine',
    apiKey: 'sk-mine',
    baseUrl,
  })
  const { models } = await person.get('models.list', { workspaceId })
  const modelId = models.find((one) => one.connectionId === connection.id && one.internalName === 'claude-sonnet-4-5')!.id
  const { id } = await person.get('conversations.create', { workspaceId, modelId, title: 'Harbours' })
  const page = await browser.open(server.current, person, `/c/${id}`, { width, colorScheme })
  const look = async (name: string) => {
    if (shots) await page.screenshot({ path: `${shots}/${name}-${width}.png` })
  }
  const settings = page.getByRole('button', { name: 'Settings of this conversation' })
  const dialog = page.getByRole('dialog', { name: 'Settings of this conversation' })
  const save = dialog.getByRole('button', { name: 'Save', exact: true })

  await settings.click()
  await dialog.getByLabel('Thinking').selectOption('Much')
  await dialog.getByLabel('Show below each answer what it has used').check()
  await dialog.getByLabel('Tell me when it has cost').fill('nothing')
  await save.click()
  await dialog.getByText('An amount above zero, such as 0.50.').first().waitFor()
  await dialog.getByLabel('Tell me when it has cost').fill('0.005')
  await look('settings')
  expect(await accessibilityProblems(page)).toEqual([])
  await save.click()
  await dialog.getByText('Saved', { exact: true }).waitFor()
  await page.keyboard.press('Escape')

  const script = { text: 'Ships come in.', reasoning: 'What is a harbour?', usage: { input: 1000, output: 200, reasoning: 50 } }
  await page.getByRole('textbox', { name: 'Your message' }).fill(`Why? [[${JSON.stringify(script)}]]`)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  // $3 and $15 a million tokens.
  await page.getByText('1,000 read, 200 written · $0.006').waitFor()
  await page.getByText(/^Thought/).waitFor()
  await page.getByText('“Harbours” has passed $0.005').waitFor()
  await page.getByText('This conversation has cost $0.005 or more').waitFor()
  await look('passed')
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('"thinking":{"type":"enabled"')
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

  await page.getByRole('button', { name: 'Change the amount' }).click()
  await dialog.getByText('So far: $0.006').waitFor()
  await expect.poll(() => dialog.getByLabel('Thinking').inputValue()).toBe('high')
  await dialog.getByLabel('Tell me when it has cost').fill('1')
  await save.click()
  await page.getByText('This conversation has cost $0.005 or more').waitFor({ state: 'detached' })
})

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { conversationWith, scripted } from '../support/turn-client.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const server = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })
const browser = useBrowser()
beforeAll(() => server.current.app.listing?.firstRound)

const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const writeTo = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text)
  await button(page, 'Send').click()
}

test('by keyboard: a rule is made, tried before it is saved, listed on every device, and holds in a conversation', async () => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, '/settings/guardrails')
  await page.getByText('No guardrails yet').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'guardrails-empty')
  const other = await page.context().newPage()
  await other.goto(`${server.current.url}/settings/guardrails`)
  await other.getByText('No guardrails yet').waitFor()

  await button(page, 'Add a guardrail').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Name' }).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill(' ')
  await page.getByRole('textbox', { name: 'Name' }).press('Enter')
  await page.getByText('Give it a name.').waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill('Personal data')
  await button(page, 'Check').click()
  await page.getByText('Give a text to look at.').waitFor()
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('I am ada@example.org')
  await button(page, 'Check').click()
  await page.getByText('Found: e-mail address 1').waitFor()
  await page.getByText('I am [e-mail address]').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'guardrails-new')
  await page.getByRole('radio', { name: /Redact/ }).check()
  await page.getByRole('checkbox', { name: 'What models write' }).check()
  await button(page, 'Add a guardrail').click()
  await page.getByText('Added “Personal data”').waitFor()
  await page.getByRole('heading', { name: 'Personal data', exact: true }).first().waitFor()
  await other.getByText('Personal data · Redact · What people send, What models write').waitFor()

  const conversationId = await conversationWith(ada, 'gpt-4o')
  await page.goto(`${server.current.url}/c/${conversationId}`)
  await writeTo(page, scripted({ text: 'You are eve@example.org, I think.' }, 'I am ada@example.org'))
  await page.getByText('You are [e-mail address], I think.').first().waitFor()
  await page.getByText('Some of your message was hidden from the model').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'guardrails-answer')

  const [rule] = await ada.get('guardrails.list', { workspaceId: ada.workspaceId })
  await page.goto(`${server.current.url}/settings/guardrails/${rule!.id}`)
  await page.getByRole('cell', { name: 'redacted' }).first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'guardrails-known')

  await other.getByRole('button', { name: 'More about Personal data' }).click()
  await other.getByRole('menuitem', { name: 'Switch off' }).click()
  await other.getByText('off', { exact: true }).waitFor()
  await other.getByRole('button', { name: 'More about Personal data' }).click()
  await other.getByRole('menuitem', { name: 'Delete' }).click()
  await other.getByRole('alertdialog').or(other.getByRole('dialog')).getByRole('button', { name: 'Delete' }).click()
  await other.getByText('No guardrails yet').waitFor()
})

test('on a phone, in the dark: a judge is asked while the answer waits, and an agent names a rule', async () => {
  const [bea] = await server.current.people('bea')
  await judged(bea)
  const page = await browser.open(server.current, bea, '/settings/guardrails', { width: 390, height: 844, colorScheme: 'dark' })
  await page.getByText('Judge · Block · What models write').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'guardrails-phone')

  provider.script({ text: '{"answer": "yes", "reason": "It is advice."}', firstDelayMs: 1_500 }, { model: 'gpt-4o-mini', times: 1 })
  const conversationId = await conversationWith(bea, 'gpt-4o')
  await page.goto(`${server.current.url}/c/${conversationId}`)
  await writeTo(page, scripted({ text: 'Sue them at once.' }, 'What now?'))
  await page.getByText('Is being checked').waitFor()
  await look(page, 'guardrails-checking')
  await page.getByText('Ask a lawyer, please.').waitFor()
  expect(await page.getByText('Sue them at once.', { exact: true }).count()).toBe(0)
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'guardrails-blocked')

  await page.goto(`${server.current.url}/agents/new`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Careful')
  await page.getByRole('checkbox', { name: 'Only for agents' }).check()
  await look(page, 'guardrails-agent')
  await page.getByRole('textbox', { name: 'Name' }).press('Enter')
  await expect
    .poll(async () => (await bea.get('agents.list', { workspaceId: bea.workspaceId })).agents.map(({ name }) => name))
    .toEqual(['Careful'])
  const [agent] = (await bea.get('agents.list', { workspaceId: bea.workspaceId })).agents
  expect((await bea.get('agents.get', { id: agent!.id })).current.guardrails).toHaveLength(1)
})

async function judged(person: Person): Promise<void> {
  const { workspaceId } = person
  const { models } = await person.get('models.list', { workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o-mini')!.id
  const judge = { kind: 'judge' as const, modelId, question: 'Is it legal advice?' }
  await person.get('guardrails.create', {
    workspaceId,
    name: 'No advice',
    configuration: judge,
    places: ['output'],
    action: 'block',
    message: 'Ask a lawyer, please.',
  })
  const words = { kind: 'pattern' as const, words: ['tide'] }
  await person.get('guardrails.create', {
    workspaceId,
    name: 'Only for agents',
    configuration: words,
    places: ['input'],
    action: 'warn',
    appliesTo: 'agents',
  })
}

import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Tool } from '../../src/server/features/tools/index.ts'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'
import { conversationWith } from '../support/turn-client.ts'

const askFirst: Tool = {
  name: 'harbour__book_berth',
  description: 'Needs a permission.',
  input: z.object({ ship: z.string().optional(), wish: z.string().optional() }),
  isRepeatable: false,
  permission: 'ask',
  timeoutMs: 60_000,
  run: async () => 'booked',
}
const list = Array.from({ length: 8_000 }, (_, index) => `berth ${index} is free`).join('\n')
const tools: Tool[] = [
  askFirst,
  { ...askFirst, name: 'harbour__list_berths', permission: 'allow', run: async () => list },
  {
    ...askFirst,
    name: 'survey_depths',
    permission: 'allow',
    run: async (_, { signal, progress }) => {
      progress?.({ message: 'The inner basin is done', fraction: 0.4 })
      await once(signal, 'abort')
      throw signal.reason
    },
  },
]
const provider: ProviderServer = await startProviderServer()
afterAll(() => provider.close())
const server = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), TITLES: 'first-line' },
  tools,
})
beforeAll(async () => {
  await server.current.app.listing?.firstRound
})
const browser = useBrowser()
const shots = process.env['SHOTS']

test.each([
  { width: 1440, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('tools show what they do, are cancelled, asked for, and read to their end, $width px', async ({ width, colorScheme }) => {
  const [person] = await server.current.people(`tara${width}`)
  const id = await conversationWith(person, 'gpt-4o')
  const page = await browser.open(server.current, person, `/c/${id}`, { width, colorScheme })
  const look = async (name: string) => {
    if (shots) await page.screenshot({ path: `${shots}/${name}-${width}.png` })
  }
  const send = async (script: object) => {
    await page.getByRole('textbox', { name: 'Your message' }).fill(`Go [[${JSON.stringify(script)}]]`)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
  }

  await send({
    toolRounds: [
      [
        { name: 'survey_depths', arguments: { basin: 'inner and outer' } },
        { name: 'harbour__list_berths', arguments: {} },
      ],
    ],
    text: 'That is that.',
  })
  const group = page.getByRole('group', { name: '2 tools side by side' })
  await group.getByText('1 of 2 done').waitFor()
  await group.getByText('The inner basin is done').waitFor()
  await group.getByText('harbour', { exact: true }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look('tools-running')
  await group.getByRole('button', { name: 'Cancel Survey depths' }).click()
  await page.getByText('That is that.', { exact: true }).waitFor()
  await group.getByText('cancelled').waitFor()

  await group.getByRole('button', { name: /^List berths/ }).click()
  const shown = group.getByText(/^Shown: 24,000 of/)
  await shown.waitFor()
  await look('tools-result')
  await group.getByRole('button', { name: 'Show more' }).click()
  await group.getByText(/^Shown: 74,000 of/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])

  const wish = 'by the northern quay, '.repeat(20)
  await send({ toolRounds: [[{ name: 'harbour__book_berth', arguments: { ship: 'Aurora', wish } }]], text: 'It is yours.' })
  const question = page.getByRole('region', { name: 'Use Book berth of harbour?' })
  await question.waitFor()
  // However long an argument is, it scrolls by itself and the column keeps its width.
  const beyond = () =>
    page
      .locator('.permission, .work-summary')
      .evaluateAll((all) =>
        all
          .filter((one) => one.getBoundingClientRect().right > one.closest('.message')!.getBoundingClientRect().right + 1)
          .map(({ className }) => className),
      )
  expect(await beyond()).toEqual([])
  await look('tools-asked')
  // It stands in the message, so it is there again.
  await page.reload()
  await question.getByRole('button', { name: 'Always in this conversation' }).click()
  await page.getByText('It is yours.', { exact: true }).waitFor()
  expect(await beyond()).toEqual([])

  await page.getByRole('button', { name: 'Settings of this conversation' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings of this conversation' })
  const again = dialog.getByRole('button', { name: 'Ask again before using Book berth' })
  await again.scrollIntoViewIfNeeded()
  await look('tools-settings')
  expect(await accessibilityProblems(page)).toEqual([])
  await again.click()
  await dialog.getByText('None. A tool that asks').waitFor()
  await expect.poll(() => person.get('toolPermissions.list', { id })).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { chatGptConversation, zipOf } from '../support/archive.ts'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()

const button = (scope: Page | Locator, name: string): Locator => scope.getByRole('button', { name, exact: true })
/** Set by whoever wants to look at the screens. */
const folder = process.env['SCREENSHOTS']
const shot = async (page: Page, name: string) => void (folder && (await page.screenshot({ path: `${folder}/${name}.png` })))

test('an archive is chosen, imported while another device looks on, and its report leads to the conversations', async () => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, '/settings/data')
  const other = await browser.open(server.current, ada, '/settings/data', { width: 390, colorScheme: 'dark' })
  await page.getByText('Nothing was imported yet').waitFor()
  await shot(page, 'empty')
  await other.getByText('Nothing was imported yet').waitFor()
  await shot(other, 'empty-narrow')
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await accessibilityProblems(other)).toEqual([])

  const broken = { ...chatGptConversation('broken', 1), mapping: { a: { parent: 'a', children: ['a'] } } }
  const archive = await zipOf({
    'conversations.json': JSON.stringify([broken, ...Array.from({ length: 150 }, (_, index) => chatGptConversation(`c${index}`, 2))]),
    'user.json': '{}',
  })
  const choosing = page.waitForEvent('filechooser')
  await button(page, 'Choose a file').press('Enter')
  await (await choosing).setFiles({ name: 'chatgpt-export.zip', mimeType: 'application/zip', buffer: archive })

  await page.getByText('150 conversations imported').waitFor({ timeout: 60_000 })
  await other.getByText('150 conversations imported').waitFor()
  await page.getByText('1 skipped').waitFor()
  await shot(page, 'done')
  await shot(other, 'done-narrow')
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

  await page.getByRole('link', { name: 'Report of chatgpt-export.zip' }).press('Enter')
  const table = page.getByRole('region', { name: 'Conversations of the archive' })
  await table.getByRole('link', { name: 'About c0', exact: true }).waitFor()
  // Only what is seen is in the page.
  expect(await table.getByRole('listitem').count()).toBeLessThan(60)
  await shot(page, 'report')
  expect(await accessibilityProblems(page)).toEqual([])
  await table.press('End')
  await table.getByRole('link', { name: 'About c99', exact: true }).waitFor()
  await page.goto(`${page.url()}?outcome=skipped`)
  await table.getByText('It holds no messages.').waitFor()
  await shot(page, 'report-skipped')
  await page.goto(page.url().replace('skipped', 'imported'))
  await table.getByRole('link', { name: 'About c0', exact: true }).click()
  await page.getByText('assistant 3 of c0').waitFor()
  await page
    .getByRole('article', { name: /gpt-4o/ })
    .first()
    .waitFor()
}, 120_000)

test('what is no archive is said so in words, and a running upload can be stopped', async () => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, '/settings/data')
  const choose = async (name: string, buffer: Buffer) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/zip', buffer })
  await choose('letter.zip', Buffer.from('%PDF'))
  await page.getByText('This file is neither a ZIP archive nor JSON.').waitFor()
  await shot(page, 'failed')
  await button(page, 'Remove letter.zip from this list').click()
  await expect.poll(() => page.getByText('letter.zip', { exact: true }).count()).toBe(0)

  await page.route('**/upload/*', () => undefined)
  await choose('large.zip', Buffer.alloc(9_000_000, 'a'))
  await page.getByText('Uploading, 0 %').waitFor()
  await shot(page, 'uploading')
  await button(page, 'Stop importing large.zip').click()
  await page.getByText('Stopped. What was imported stays.').waitFor()
}, 60_000)

test('a conversation is exported from its menu and from the palette, and all of them from the settings', async () => {
  const [ada] = await server.current.people('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'About tides' })
  const page = await browser.open(server.current, ada, `/c/${id}`)
  const downloaded = async (press: () => Promise<void>) => {
    const waiting = page.waitForEvent('download')
    await press()
    const download = await waiting
    return { name: download.suggestedFilename(), text: (await readFile(await download.path())).toString('latin1') }
  }
  await page.getByRole('link', { name: 'About tides' }).hover()
  await button(page, 'More about About tides').click()
  const markdown = await downloaded(() => page.getByRole('menuitem', { name: 'Export as Markdown' }).click())
  expect(markdown).toEqual({ name: 'About tides.md', text: '# About tides\n' })

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Commands and conversations' }).fill('export as json')
  await shot(page, 'palette')
  const json = await downloaded(() => page.getByRole('option', { name: 'Export as JSON', exact: true }).click())
  expect(json.name).toBe('About tides.json')
  expect(JSON.parse(json.text)).toMatchObject({ format: 'parley.conversation/1', id, messages: [] })

  await page.goto(`${server.current.url}/settings/data`)
  await page.getByText('1 conversation', { exact: true }).waitFor()
  const all = await downloaded(() => button(page, 'Download an archive').click())
  expect(all.name).toMatch(/^parley-\d{4}-\d\d-\d\d\.zip$/)
  expect(all.text.startsWith('PK')).toBe(true)
}, 60_000)

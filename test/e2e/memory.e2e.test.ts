import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()

const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}
const rows = (page: Page) => page.getByRole('region', { name: 'What is remembered' }).getByRole('listitem')

test('by keyboard and at once: something is added, changed, erased and brought back; another device sees it; all of it is erased', async () => {
  const [ada] = await server.current.people('ada')
  const { workspaceId } = ada
  const page = await browser.open(server.current, ada, '/settings/memory')
  await page.getByText('Nothing is remembered').waitFor()
  await look(page, 'memory-empty')
  expect(await accessibilityProblems(page)).toEqual([])

  await page.getByRole('button', { name: 'Add something' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add something to remember' })
  await dialog.waitFor()
  await page.keyboard.type('I write British English.')
  await dialog.getByRole('button', { name: 'Remember' }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => rows(page).allInnerTexts()).toEqual([expect.stringContaining('I write British English.')])

  // On another device it is there without a reload.
  const phone = await browser.open(server.current, ada, '/settings/memory', { width: 390, colorScheme: 'dark' })
  await rows(phone).first().waitFor()
  await ada.get('memories.create', { workspaceId, text: `I live in Lisbon and ${'walk a lot '.repeat(30)}` })
  await expect.poll(() => rows(phone).count()).toBe(2)
  await look(phone, 'memory-phone')
  expect(await accessibilityProblems(phone)).toEqual([])
  await expect.poll(() => rows(page).count()).toBe(2)

  await page.getByRole('button', { name: 'Change “I write British English.”' }).click()
  const change = page.getByRole('dialog', { name: 'Change what is remembered' })
  await change.getByRole('textbox').fill('I write Irish English.')
  await change.getByRole('button', { name: 'Save' }).click()
  await change.waitFor({ state: 'detached' })
  await expect.poll(() => rows(page).first().innerText()).toContain('I write Irish English.')
  await look(page, 'memory')

  await page.getByRole('button', { name: 'Erase “I write Irish English.”' }).click()
  await expect.poll(() => rows(page).count()).toBe(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => rows(page).count()).toBe(2)

  await page.getByRole('checkbox', { name: 'Remember things between conversations' }).click()
  await expect.poll(async () => (await ada.get('memories.list', { workspaceId })).isOn).toBe(false)
  await expect.poll(() => phone.getByRole('checkbox').isChecked()).toBe(false)

  await page.getByRole('button', { name: 'Erase everything' }).click()
  const confirm = page.getByRole('dialog', { name: 'Erase everything that is remembered?' })
  await confirm.getByText('All 2 entries').waitFor()
  await look(page, 'memory-clear')
  await confirm.getByRole('button', { name: 'Erase everything' }).click()
  await page.getByText('Nothing is remembered').waitFor()
  expect((await ada.get('memories.list', { workspaceId })).memories).toEqual([])
})

test('what failed is said, and what was not erased is still there', async () => {
  const [ada] = await server.current.people('ada')
  await ada.get('memories.create', { workspaceId: ada.workspaceId, text: 'Likes figs.' })
  const page = await browser.open(server.current, ada)
  await page.route('**/memories**', (route) => route.fulfill({ status: 503, body: '{}' }))
  await page.goto(`${server.current.url}/settings/memory`)
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await look(page, 'memory-failed')
  await page.unroute('**/memories**')
  await page.getByRole('button', { name: 'Try again' }).click()
  await rows(page).first().waitFor()

  await page.route('**/memories/*', (route) =>
    route.request().method() === 'DELETE' ? route.fulfill({ status: 503, body: '{}' }) : route.continue(),
  )
  await page.getByRole('button', { name: 'Erase “Likes figs.”' }).click()
  await page.getByRole('region', { name: 'Notifications' }).getByText('It was not erased.').waitFor()
  await expect.poll(() => rows(page).count()).toBe(1)
})

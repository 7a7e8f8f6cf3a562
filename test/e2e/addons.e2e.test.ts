import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()
const path = '/settings/addons'
const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

test('an administrator sees what this machine runs, and switches a part off by keyboard', async () => {
  const admin = await server.current.admin()
  const page = await browser.open(server.current, admin, path)
  const python = page.getByRole('checkbox', { name: 'Python for models', exact: true })
  await python.waitFor()
  await page.getByText(/^Node\.js \d+\./).waitFor()
  await page.getByText(/^Python 3\./).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'addons')
  const isOn = async () => (await admin.get('addons.list')).addons.find(({ id }) => id === 'code-python')!.enabled

  await python.focus()
  await page.keyboard.press('Space')

  await page.getByText('Python for models is switched off.').first().waitFor()
  expect(await isOn()).toBe(false)
  await page.reload()
  await python.waitFor()
  await expect.poll(() => python.isChecked()).toBe(false)
  await python.focus()
  await page.keyboard.press('Space')
  await expect.poll(isOn).toBe(true)
})

test('what the server refuses is shown as it was, and said', async () => {
  const page = await browser.open(server.current, await server.current.admin(), path)
  await page.route('**/api/addons/*', (route) => route.fulfill({ status: 503, json: { code: 'database.unavailable', status: 503 } }))
  const search = page.getByRole('checkbox', { name: 'Web search', exact: true })
  await search.click()
  await page.getByRole('alert').getByText('Web search could not be switched').waitFor()
  await expect.poll(() => search.isChecked()).toBe(true)
})

test('on a phone in the dark it fits, and who does not run the server is not led there', async () => {
  const [person] = await server.current.people('paul')
  const page = await browser.open(server.current, await server.current.admin(), path, { width: 390, colorScheme: 'dark' })
  await page.getByText(/^Node\.js \d+\./).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await look(page, 'addons-phone')

  const settings = await browser.open(server.current, person, '/settings/profile')
  await settings.getByRole('link', { name: 'Appearance' }).waitFor()
  expect(await settings.getByRole('link', { name: 'Runtimes and addons' }).count()).toBe(0)
  await settings.goto(`${server.current.url}${path}`)
  await expect.poll(() => settings.getByRole('alert').count()).toBeGreaterThan(0)
})

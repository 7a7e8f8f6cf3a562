import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const preview = (page: Page) => page.frameLocator('iframe[title="Preview"]')
const rows = (page: Page) => page.locator('.sortable-row .row-title')

async function addLink(page: Page, title: string, url: string) {
  await button(page, 'Add a link').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill(title)
  await dialog.getByLabel('Leads to').fill(url)
  await button(page, 'Save').last().click()
  await dialog.waitFor({ state: 'detached' })
}

test('a page is made in the app, seen while it is written, published, and read by a stranger without a script', async () => {
  const app = server.current
  const [person] = await app.people('ines')
  const page = await browser.open(app, person, '/settings/profile')
  await page.getByRole('link', { name: 'Public page' }).click()
  await page.getByRole('heading', { name: /^Make the page of/ }).waitFor()
  await page.getByLabel('Name').fill('Inês Carvalho')
  await expect.poll(() => page.getByLabel('Address').inputValue()).toBe('ines-carvalho')
  await page.getByLabel('Address').fill('admin')
  await button(page, 'Make the page').click()
  await page.getByText('this word is kept for the server itself').waitFor()
  await page.getByLabel('Address').fill('ines-press')
  await button(page, 'Make the page').click()
  await page.getByText('Not published').waitFor()

  // The preview follows what is typed before anything is saved.
  await preview(page).getByRole('heading', { name: 'Inês Carvalho' }).waitFor()
  await page.getByLabel('Tagline').fill('Letterpress <b>printer</b>')
  await preview(page).getByText('Letterpress <b>printer</b>').waitFor()
  await page.getByRole('radio', { name: /Slate/ }).check()
  // Nothing can be run in the frame, not even by a test.
  const style = () => preview(page).locator('link[rel=stylesheet]').getAttribute('href')
  await expect.poll(style).toBe('/@/style.css?preset=slate&scheme=light')
  await button(page, 'Dark').click()
  await expect.poll(style).toBe('/@/style.css?preset=slate&scheme=dark')
  await button(page, 'Save').click()
  await page.getByText('Saved', { exact: true }).waitFor()

  await addLink(page, 'First', 'example.org/first')
  await addLink(page, 'Second', 'example.org/second')
  await addLink(page, 'Third', 'someone@example.org')
  await expect.poll(() => rows(page).allTextContents()).toEqual(['First', 'Second', 'Third'])
  await preview(page).getByText('Third').waitFor()

  // By keyboard the focus stays with the row; by mouse the row follows the pointer.
  await button(page, 'Move “Third” up').focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page).allTextContents()).toEqual(['First', 'Third', 'Second'])
  expect(await focusedName(page)).toBe('Move “Third” up')
  await page.getByText('“Third” is now number 2 of 3').waitFor()
  const grip = (await page.locator('.sortable-grip').nth(2).boundingBox())!
  const first = (await page.locator('.sortable-row').first().boundingBox())!
  await page.mouse.move(grip.x + 5, grip.y + 10)
  await page.mouse.down()
  await page.mouse.move(grip.x + 5, first.y + first.height * 1.2, { steps: 5 })
  await page.mouse.move(grip.x + 5, first.y + 2, { steps: 5 })
  await page.mouse.up()
  await expect.poll(() => rows(page).allTextContents()).toEqual(['Second', 'First', 'Third'])

  await button(page, 'Add a question').click()
  await page.getByRole('dialog').getByLabel('Question').fill('Do you print wedding paper?')
  await page.getByRole('dialog').getByLabel('Answer').fill('Yes, in spring.')
  await button(page, 'Save').last().click()
  await preview(page).getByText('Do you print wedding paper?').waitFor()
  await page.setViewportSize({ width: 1100, height: 900 }) // without the frame, which axe cannot enter
  expect(await accessibilityProblems(page)).toEqual([])

  await button(page, 'Publish').click()
  await page.getByRole('link', { name: /@ines-press/ }).waitFor()

  const stranger = await browser.stranger(app, { width: 390, javaScriptEnabled: false })
  await stranger.goto(`${app.url}/@ines-press`)
  await stranger.getByRole('heading', { level: 1, name: 'Inês Carvalho' }).waitFor()
  expect(await stranger.locator('.link b').allTextContents()).toEqual(['Second', 'First', 'Third'])
  await stranger.getByText('Do you print wedding paper?').click()
  await stranger.getByText('Yes, in spring.').waitFor()
  expect(await stranger.context().cookies()).toEqual([])
  const pages = await person.get('pages.list')
  const links = await person.get('pageLinks.list', { pageId: pages[0]!.id })
  const led = await stranger.context().request.get(`${app.url}/@ines-press/go/${links[0]!.id}`, { maxRedirects: 0 })
  expect([led.status(), led.headers()['location']]).toEqual([302, 'https://example.org/second'])
  await page.reload()
  await page.getByText('1 click', { exact: true }).waitFor()
})

test('the public page passes axe in every style, light and dark, on a phone and on a desk', async () => {
  const app = server.current
  const [person] = await app.people('ada')
  const { id: pageId } = await person.get('pages.create', { workspaceId: person.workspaceId, slug: 'ada-axe', displayName: 'Ada' })
  await person.get('pages.update', {
    pageId,
    isPublished: true,
    tagline: 'Counts',
    bio: 'One.\n\nTwo.',
    email: 'ada@example.org',
    socialLinks: [{ platform: 'mastodon', url: 'https://example.social/@ada' }],
  })
  for (const title of ['One', 'Two'])
    await person.get('pageLinks.create', { pageId, title, url: 'https://example.org', description: title })
  await person.get('pageFaq.create', { pageId, question: 'Why?', answer: 'Because.', category: 'Work' })
  for (const preset of ['paper', 'slate', 'grove', 'dusk'] as const) {
    await person.get('pages.update', { pageId, theme: { preset, accent: preset === 'grove' ? '#ffe14d' : null, scheme: 'system' } })
    // Every colour is looked at once; what is the other way round differs in width only.
    for (const [width, colorScheme] of [
      [390, 'light'],
      [1440, 'dark'],
    ] as const) {
      const page = await browser.stranger(app, { width, colorScheme })
      await page.goto(`${app.url}/@ada-axe`)
      await page.getByText('Why?').click()
      expect(await accessibilityProblems(page), `${preset} ${width} ${colorScheme}`).toEqual([])
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      expect(widths[0], `${preset} ${width} is not wider than the window`).toBe(widths[1])
      // Thumbs need 48 px where links stand below each other.
      const heights = await page.locator('a, summary').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(48)
      await page.close()
    }
  }
  const missing = await browser.stranger(app)
  const answer = await missing.goto(`${app.url}/@nobody-at-all`)
  expect(answer!.status()).toBe(404)
  await missing.getByRole('heading', { name: 'There is no page here.' }).waitFor()
  expect(await accessibilityProblems(missing)).toEqual([])
})

test('on a phone the page is edited and looked at by turns; a viewer can look and nothing else', async () => {
  const app = server.current
  const [owner, viewer] = await app.people('olga', 'vera')
  const { id: pageId } = await owner.get('pages.create', { workspaceId: owner.workspaceId, slug: 'olga-phone', displayName: 'Olga' })
  await owner.get('pageLinks.create', { pageId, title: 'A link', url: 'https://example.org' })
  const phone = await browser.open(app, owner, '/settings/page', { width: 390 })
  await phone.getByText('Not published').waitFor()
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await phone.getByLabel('E-mail of somebody').fill(viewer.email)
  await phone.getByLabel('Role', { exact: true }).selectOption('Viewer')
  await button(phone, 'Give the role').tap()
  await phone.getByText('vera is now Viewer').waitFor()
  expect(await accessibilityProblems(phone)).toEqual([])
  await button(phone, 'Preview').tap()
  await preview(phone).getByRole('heading', { name: 'Olga' }).waitFor()
  await button(phone, 'Back to editing').tap()
  await phone.getByLabel('Tagline').waitFor()

  const page = await browser.open(app, viewer, '/settings/page')
  await page.getByLabel('Page', { exact: true }).selectOption('Olga (@olga-phone)')
  await preview(page).getByText('A link').waitFor()
  expect(await page.getByLabel('Tagline').isDisabled()).toBe(true)
  for (const name of ['Publish', 'Save', 'Add a link', 'Delete the page']) expect(await button(page, name).count(), name).toBe(0)
})

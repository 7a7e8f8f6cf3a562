import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { type Person, useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()

async function start(person: Person, ...titles: string[]): Promise<void> {
  for (const title of titles) await person.get('conversations.create', { workspaceId: person.workspaceId, title })
}

const inSidebar = (page: Page) => expect.poll(() => page.locator('.conversation-title').allTextContents(), { timeout: 10_000 })
const inList = (page: Page) => expect.poll(() => page.locator('.organise-title').allTextContents(), { timeout: 10_000 })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** The button is there for whoever points at the row, or is in it. */
async function openMenu(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: title }).hover()
  await button(page, `More about ${title}`).click()
}

test('pinning and archiving in the sidebar, seen at once in another window', async () => {
  const [person] = await server.current.people('pina')
  await start(person, 'Third', 'Second', 'First')
  const page = await browser.open(server.current, person)
  const other = await browser.open(server.current, person)
  await inSidebar(other).toEqual(['First', 'Second', 'Third'])

  await openMenu(page, 'Third')
  await page.getByRole('menuitem', { name: 'Pin', exact: true }).click()
  await inSidebar(page).toEqual(['Third', 'First', 'Second'])
  await inSidebar(other).toEqual(['Third', 'First', 'Second'])
  await page.getByRole('region', { name: 'Pinned' }).waitFor()

  await openMenu(page, 'First')
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await inSidebar(other).toEqual(['Third', 'Second'])
  await page.getByText('Archived “First”').waitFor()
  await button(page, 'Undo').click()
  await inSidebar(other).toEqual(['Third', 'First', 'Second'])
})

test('many at once: tagged, archived, deleted, restored, by keyboard too; the address says what is shown', async () => {
  const [person] = await server.current.people('bulka')
  await start(person, 'D', 'C', 'B', 'A')
  const page = await browser.open(server.current, person, '/conversations')
  await inList(page).toEqual(['A', 'B', 'C', 'D'])
  expect(await accessibilityProblems(page)).toEqual([])

  await page.getByLabel('Select “A”').focus()
  await page.keyboard.press('Space')
  await page.getByLabel('Select “B”').check()
  await page.getByText('2 selected').waitFor()
  await button(page, 'Tags').click()
  await page.getByLabel('New tags').fill('work, Lisbon')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByLabel('Tag', { exact: true }).selectOption('work')
  await page.waitForURL('**/conversations?tag=work')
  await inList(page).toEqual(['A', 'B'])

  await page.getByLabel('Select all that are shown').check()
  await button(page, 'Tags').click()
  await page.getByLabel('work', { exact: true }).uncheck()
  await button(page, 'Set tags').click()
  await inList(page).toEqual([])
  await page.getByLabel('Tag', { exact: true }).selectOption('Any tag')

  await page.getByLabel('Select “C”').check()
  await button(page, 'Archive').press('Enter')
  // What was pressed is out of use now.
  await expect.poll(() => focusedName(page)).toBe('Select all that are shown')
  await inList(page).toEqual(['A', 'B', 'D'])
  await inSidebar(page).toEqual(['A', 'B', 'D'])
  await page.getByLabel('Which conversations').selectOption('Archive')
  await page.waitForURL('**/conversations?status=archived')
  await inList(page).toEqual(['C'])
  await page.getByLabel('Select “C”').check()
  await button(page, 'Back to the list').click()
  await page.getByText('Nothing is archived').waitFor()

  await page.getByLabel('Which conversations').selectOption('In the list')
  await page.getByLabel('Select all that are shown').check()
  await button(page, 'Delete').click()
  await page.getByText('4 conversations are in the trash').waitFor()
  await inSidebar(page).toEqual([])
  await page.getByLabel('Which conversations').selectOption('Trash')
  await expect
    .poll(() =>
      page
        .locator('.organise-title')
        .allTextContents()
        .then((titles) => titles.sort()),
    )
    .toEqual(['A', 'B', 'C', 'D'])
  await page.getByText('goes for good in 30 days').first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByLabel('Select “B”').check()
  await button(page, 'Restore').click()
  await inSidebar(page).toEqual(['B'])
  await button(page, 'Empty the trash').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Empty the trash' }).click()
  await page.getByText('The trash is empty').waitFor()
  await inSidebar(page).toEqual(['B'])
})

test('on a phone and in the dark: what a workspace keeps, and for how long', async () => {
  const [person] = await server.current.people('reta')
  await start(person, 'A title that is far too long to be read on a phone without being cut off somewhere', 'B')
  const page = await browser.open(server.current, person, '/conversations', { width: 390, colorScheme: 'dark' })
  await inList(page).toHaveLength(2)
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

  await page.goto(`${server.current.url}/settings/workspace`)
  const retention = page.locator('form', { has: page.getByLabel('To the trash after') })
  await page.getByLabel('To the trash after').fill('many')
  await retention.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A whole number from 1 to 3,650.').first().waitFor()
  await page.getByLabel('To the trash after').fill('365')
  await retention.getByRole('button', { name: 'Save' }).click()
  await retention.getByText('Saved').waitFor()
  expect(await person.get('workspaces.getSettings', { workspaceId: person.workspaceId })).toMatchObject({
    trashAfterDays: 365,
    purgeAfterDays: null,
    thinking: null,
  })
})

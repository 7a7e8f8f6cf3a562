import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { appendMessage } from '../../src/server/features/conversations/index.ts'
import { newId } from '../../src/server/platform/ids.ts'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { eventually } from '../support/turn-client.ts'

const server = useTestApp()
const browser = useBrowser()

/** A conversation as if it had been held, answers at every second place. */
async function talk(person: Person, title: string, texts: readonly string[]): Promise<string> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title })
  for (const [index, text] of texts.entries()) {
    const role = index % 2 === 0 ? 'user' : 'assistant'
    await appendMessage(server.current.deps.db, { id: newId(), conversationId: id, authorId: person.id, role, text })
  }
  return id
}

const untilFound = (person: Person, query: string) =>
  eventually(
    async () => (await person.get('search.messages', { workspaceId: person.workspaceId, query })).messages,
    (messages) => messages.length > 0,
  )

const longTalk = (needleAt: number) =>
  Array.from({ length: 120 }, (_, index) =>
    index === needleAt
      ? 'The **treasure** is buried under the old lighthouse.'
      : `Something about item ${index}.\n\nAnd a second line of it.`,
  )

const hit = (page: Page) => page.locator('.search-hit')
const isInView = (page: Page, text: string) =>
  page.getByText(text).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  })

test('by keyboard alone: what was said long ago is found as one types, and the hit leads to the very message', async () => {
  const [person] = await server.current.people('mara')
  await talk(person, 'A long talk', longTalk(20))
  await talk(person, 'Another talk', ['A treasure of proverbs'])
  await untilFound(person, 'lighthouse')
  const page = await browser.open(server.current, person)
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor()

  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Find what was said').waitFor()
  await page.keyboard.type('lightho')
  await page.getByRole('option', { name: /buried under the old lighthouse/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('option', { name: /Search all messages for “lightho”/ }).waitFor()
  await page.getByRole('option', { name: /buried under/ }).click()
  await page.waitForURL('**/c/*?message=*')
  await page.getByText('is buried under the old lighthouse').waitFor()
  await expect.poll(() => isInView(page, 'is buried under the old lighthouse')).toBe(true)
  await page.getByText('Something about item 21.').waitFor()

  await page.goto(`${server.current.url}/search?q=treasure`)
  await expect.poll(() => hit(page).count()).toBe(2)
  await expect.poll(() => page.locator('.search-hit mark').allTextContents()).toEqual(['treasure', 'treasure'])
  expect(await focusedName(page)).toBe('Search in your conversations')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('End')
  await page.keyboard.type(' light')
  await expect.poll(() => hit(page).count()).toBe(1)
  await page.waitForURL('**/search?q=treasure*light')
  await page.keyboard.press('ArrowDown')
  expect(await focusedName(page)).toContain('A long talk')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/c/*?message=*')
  await expect.poll(() => isInView(page, 'is buried under the old lighthouse')).toBe(true)
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['message'])).toBe('20')

  await page.goBack()
  await expect.poll(() => hit(page).count()).toBe(1)
  await page.getByLabel('When').selectOption('Last 7 days')
  await page.waitForURL('**when=week**')
  await expect.poll(() => hit(page).count()).toBe(1)
  await page.getByLabel('When').selectOption('More than a year ago')
  await page.getByText('Nothing in what the filters leave.').waitFor()
  await page.getByRole('button', { name: 'Search everywhere' }).click()
  await expect.poll(() => hit(page).count()).toBe(1)
})

test('a hit on another branch shows that branch', async () => {
  const [person] = await server.current.people('bran')
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId })
  const ask = async (text: string, parentId?: null) => {
    const { turnId } = await person.get('turns.start', { id, text, ...(parentId === undefined ? {} : { parentId }) })
    await (await person.fetch(`/api/turns/${turnId}/events`)).text()
  }
  await ask('Tell me about walruses')
  await ask('Tell me about pelicans', null)
  const [found] = await untilFound(person, 'walruses')
  const page = await browser.open(server.current, person, `/c/${id}?message=${found!.id}`)
  await page.getByText('This message is on another branch, which is shown now.').waitFor()
  await page.getByLabel('Messages').getByText('Tell me about walruses').first().waitFor()
  expect(await page.getByLabel('Messages').getByText('Tell me about pelicans').count()).toBe(0)
})

test('on a phone and in the dark: nothing found, and what a search is', async () => {
  const [person] = await server.current.people('ivo')
  const page = await browser.open(server.current, person, '/search', { width: 390, colorScheme: 'dark' })
  await page.getByText('Everything you wrote and were answered').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByLabel('Search in your conversations').fill('nobody said this')
  await page.getByText('No message says “nobody said this”').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

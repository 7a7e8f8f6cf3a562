import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { allEvents, messagesOf, startTurn } from '../support/turn-client.ts'

const server = useTestApp()
const browser = useBrowser()

/** A conversation with a question and an answer by the built-in model. */
async function answered(person: Person, text = 'hello'): Promise<string> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: 'About harbours' })
  await allEvents(await startTurn(person, id, { text }))
  return id
}

const lastAnswer = (page: Page): Locator => page.locator('.message[data-role=assistant]').last()
const button = (scope: Page | Locator, name: string): Locator => scope.getByRole('button', { name, exact: true })

test('an answer is liked on one device, seen on another, disliked with a reason, and taken back', async () => {
  const [ada] = await server.current.people('ada')
  const id = await answered(ada)
  const page = await browser.open(server.current, ada, `/c/${id}`)
  const other = await browser.open(server.current, ada, `/c/${id}`, { width: 390 })
  await lastAnswer(page).hover()
  const like = button(lastAnswer(page), 'Like this answer')
  const pressed = (locator: Locator) => expect.poll(() => locator.getAttribute('aria-pressed'))
  await like.click()
  await pressed(like).toBe('true')
  await pressed(button(lastAnswer(other), 'Like this answer')).toBe('true')

  // By keyboard alone.
  const dislike = button(lastAnswer(page), 'Dislike this answer')
  await dislike.focus()
  await page.keyboard.press('Enter')
  await pressed(dislike).toBe('true')
  await pressed(like).toBe('false')
  await button(lastAnswer(page), 'Say why').press('Enter')
  await page.getByRole('textbox', { name: /^Reason/ }).waitFor()
  await page.keyboard.type('The tide is wrong.')
  expect(await accessibilityProblems(page)).toEqual([])
  await button(page.getByRole('dialog'), 'Save').press('Enter')
  await expect.poll(async () => (await messagesOf(ada, id))[1]!.feedback).toEqual({ value: 'dislike', reason: 'The tide is wrong.' })
  expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  expect(await accessibilityProblems(other)).toEqual([])

  await page.reload()
  await lastAnswer(page).hover()
  await pressed(dislike).toBe('true')
  await dislike.click()
  await pressed(dislike).toBe('false')
  await pressed(button(lastAnswer(other), 'Dislike this answer')).toBe('false')
  expect((await messagesOf(ada, id))[1]!.feedback).toBeNull()
})

test('an opinion that is not kept is taken back in words', async () => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, `/c/${await answered(ada)}`)
  await page.route('**/feedback', (route) => route.abort())
  await lastAnswer(page).hover()
  await button(lastAnswer(page), 'Like this answer').click()
  await page.locator('.toast-title', { hasText: 'Your opinion was not kept.' }).waitFor()
  await lastAnswer(page).hover()
  expect(await button(lastAnswer(page), 'Like this answer').getAttribute('aria-pressed')).toBe('false')
})

test('a conversation is shared, read by a stranger without scripts, gone on with by another person, and the link revoked', async () => {
  const [ada, bea] = await server.current.people('ada', 'bea')
  const id = await answered(ada, 'What is a **harbour**?')
  const page = await browser.open(server.current, ada, `/c/${id}`)
  const other = await browser.open(server.current, ada, `/c/${id}`, { width: 390 })
  await button(page, 'Share').focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Share by a link' })
  await dialog.getByRole('radio', { name: /^What is here now/ }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(dialog, 'Make a link').press('Enter')
  await dialog.getByRole('button', { name: /^Copy the link/ }).waitFor()
  // The mark in the bar, on every device.
  await button(other, 'Shared').click()
  await other
    .getByRole('dialog')
    .getByRole('button', { name: /^Revoke the link/ })
    .waitFor()
  expect(await accessibilityProblems(other)).toEqual([])
  expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

  const { path } = (await ada.get('shares.listOfConversation', { id }))[0]!
  for (const look of [{ width: 390 }, { colorScheme: 'dark' as const }]) {
    const stranger = await browser.stranger(server.current, { ...look, javaScriptEnabled: false })
    await stranger.goto(server.current.url + path)
    await stranger.getByRole('heading', { name: 'About harbours' }).waitFor()
    expect(await stranger.locator('.turn').count()).toBe(2)
    expect(await stranger.context().cookies()).toEqual([])
  }
  const reader = await browser.open(server.current, bea, path)
  expect(await accessibilityProblems(reader)).toEqual([])
  await reader.getByRole('link', { name: 'Continue it yourself' }).click()
  await button(reader, 'Copy and continue').waitFor()
  expect(await accessibilityProblems(reader)).toEqual([])
  await button(reader, 'Copy and continue').click()
  await reader.waitForURL('**/c/*')
  expect(reader.url()).not.toContain(id)
  await lastAnswer(reader).waitFor()

  await page.goto(`${server.current.url}/settings/shares`)
  await page.getByRole('button', { name: 'Revoke the link of About harbours' }).click()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(page.getByRole('dialog'), 'Revoke').click()
  await page.getByText('You share nothing').waitFor()
  expect((await reader.goto(server.current.url + path))?.status()).toBe(404)
  await reader.getByRole('heading', { name: 'There is nothing to read here.' }).waitFor()
})

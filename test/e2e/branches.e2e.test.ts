import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { type ProviderServer, type Script, startProviderServer } from '../support/provider-server/index.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { allEvents, scripted, startTurn } from '../support/turn-client.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const browser = useBrowser()
let provider: ProviderServer

beforeAll(async () => {
  provider = await startProviderServer()
})
// What a test that failed had scripted is nothing for the next one.
afterEach(() => provider.reset())
afterAll(() => provider.close())

async function someone(name: string): Promise<Person> {
  const [person] = await server.current.people(name)
  const { workspaceId } = person
  const baseUrl = provider.baseUrl('compatible')
  await person.get('connections.create', { workspaceId, provider: 'openai-compatible', name: 'Local', apiKey: 'sk-local', baseUrl })
  const { models } = await person.get('models.list', { workspaceId })
  const model = models.find((one) => one.provider === 'openai-compatible' && one.kind === 'chat')
  await person.get('people.updateSettings', { defaultModelId: model!.id })
  return person
}

/** A conversation in which this was asked and answered, one after the other. */
async function conversationOf(person: Person, exchanges: readonly (readonly [question: string, answer: Script])[]): Promise<string> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: 'Trees' })
  for (const [question, answer] of exchanges) await allEvents(await startTurn(person, id, { text: scripted(answer, question) }))
  return id
}

const answers = (page: Page): Locator => page.locator('.message[data-role=assistant]')
const lastAnswer = (page: Page): Locator => answers(page).last()
const button = (scope: Page | Locator, name: string | RegExp): Locator =>
  scope.getByRole('button', { name, exact: typeof name === 'string' })
const textOf = (locator: Locator) => expect.poll(() => locator.innerText(), { timeout: 10_000 })

async function choose(page: Page, message: Locator, item: string): Promise<void> {
  await message.hover()
  await button(message, 'More').click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a stopped answer and one that was cut off are continued with one press', async () => {
  const person = await someone('abe')
  const id = await conversationOf(person, [['Say', { text: 'The first half', finish: 'length' }]])
  const page = await browser.open(server.current, person, `/c/${id}`)
  await lastAnswer(page).getByText('reached its greatest length').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  const restore = provider.script({ text: ' and the second.' })
  await button(lastAnswer(page), 'Continue').click()
  await textOf(lastAnswer(page).locator('.answer-text')).toBe('The first half and the second.')
  restore()
  await textOf(lastAnswer(page).locator('.branch')).toContain('2/2')
  expect(await lastAnswer(page).getByText('greatest length').count()).toBe(0)
})

test.each([
  { width: 1440, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('two models answer beside each other, and one of them is gone on with, $width px', async ({ width, colorScheme }) => {
  const person = await someone(`bea${width}`)
  const id = await conversationOf(person, [['Which?', { text: 'an answer of before' }]])
  const page = await browser.open(server.current, person, `/c/${id}`, { width, colorScheme })
  await lastAnswer(page).waitFor()
  await choose(page, lastAnswer(page), 'Ask two models at once')
  const asking = page.getByRole('dialog', { name: 'Ask two models at once' })
  await button(asking, /^Model 2/).waitFor()
  const restore = provider.script({ tokens: 30, delayMs: 20 })
  await button(asking, 'Ask both').click()

  const dialog = page.getByRole('dialog', { name: 'Compare 3 answers' })
  await expect.poll(() => dialog.locator('.compare-version').count()).toBe(3)
  await textOf(dialog.locator('.compare-version').nth(1)).toContain('w30')
  await textOf(dialog.locator('.compare-version').nth(2)).not.toContain('Stop this one')
  restore()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(dialog.locator('.compare-version').nth(1), 'Go on with this one').click()
  await dialog.waitFor({ state: 'detached' })
  await textOf(lastAnswer(page).locator('.branch')).toContain('2/3')
  const { messages } = await person.get('conversations.messages', { id })
  expect(messages[1]!.siblingIds.indexOf(messages[1]!.id)).toBe(1)
})

test('a conversation is forked at a message, and says of what, also when that is gone', async () => {
  const person = await someone('dee')
  const id = await conversationOf(person, [
    ['One', { text: 'first answer' }],
    ['Two', { text: 'second answer' }],
  ])
  const page = await browser.open(server.current, person, `/c/${id}`)
  await textOf(lastAnswer(page)).toContain('second answer')
  await choose(page, answers(page).first(), 'Fork from here')
  await page.waitForURL((url) => url.pathname.startsWith('/c/') && !url.pathname.endsWith(id))
  await page.getByRole('heading', { name: 'Trees (fork)' }).waitFor()
  await textOf(answers(page)).toContain('first answer')
  await page.getByRole('link', { name: 'Trees (fork)' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  const fork = page.url()

  await page.locator('.screen-note').getByRole('link', { name: 'Trees' }).click()
  await textOf(lastAnswer(page)).toContain('second answer')
  await page.goto(fork)
  await person.get('conversations.delete', { id })
  await page.reload()
  await page.getByText('Forked from a conversation that was deleted').waitFor()
  await textOf(answers(page)).toContain('first answer')
})

test('a question asked aside is answered beside the conversation, and its card leads there and back, on a phone too', async () => {
  const person = await someone('asa')
  const id = await conversationOf(person, [['One', { text: 'The tide follows the moon.' }]])
  const page = await browser.open(server.current, person, `/c/${id}`)
  const phone = await browser.open(server.current, person, `/c/${id}`, { width: 390, colorScheme: 'dark' })
  await textOf(lastAnswer(page)).toContain('the moon')
  await choose(page, lastAnswer(page), 'Ask aside')
  await page.getByRole('dialog').getByRole('textbox', { name: 'Question' }).fill('Why the moon?')
  const restore = provider.script({ text: 'It is near.', delayMs: 300 })
  await button(page.getByRole('dialog'), 'Ask').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  for (const screen of [page, phone]) {
    const card = screen.getByRole('list', { name: 'Asked aside' }).getByRole('link')
    await textOf(card).toMatch(/Why the moon\?\s*Completed\s*It is near\./)
    expect(await accessibilityProblems(screen)).toEqual([])
  }
  restore()
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain(String.raw`> The tide follows the moon.\n\nWhy the moon?`)
  expect(await page.getByRole('navigation').getByRole('link', { name: 'Why the moon?' }).count()).toBe(0)

  await phone.getByRole('link', { name: /Why the moon/ }).click()
  await textOf(lastAnswer(phone)).toContain('It is near.')
  await phone.locator('.screen-note').getByRole('link', { name: 'Trees' }).click()
  await textOf(lastAnswer(phone)).toContain('the moon')
})

test('an answer that is asked for again by keyboard leaves the focus in the field', async () => {
  const person = await someone('kay')
  const id = await conversationOf(person, [['One', { text: 'first answer' }]])
  const page = await browser.open(server.current, person, `/c/${id}`)
  await textOf(lastAnswer(page)).toContain('first answer')
  await lastAnswer(page).focus()
  await page.keyboard.press('r')
  await expect.poll(() => focusedName(page)).toBe('Your message')
  await textOf(lastAnswer(page)).toContain('2/2')
  await lastAnswer(page).focus()
  await button(lastAnswer(page), 'Try again').press('Enter')
  await textOf(lastAnswer(page)).toContain('3/3')
  await expect.poll(() => focusedName(page)).toBe('Your message')
  await lastAnswer(page).focus()
  await button(lastAnswer(page), 'Try again with another model').press('Enter')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await textOf(lastAnswer(page)).toContain('4/4')
  await expect.poll(() => focusedName(page)).toBe('Your message')
})

test('on a phone Enter breaks the line of a message that is edited', async () => {
  const person = await someone('pip')
  const id = await conversationOf(person, [['One', { text: 'first answer' }]])
  const page = await browser.open(server.current, person, `/c/${id}`, { width: 390 })
  await button(page.locator('.message[data-role=user]'), 'Edit').tap()
  const edited = page.locator('.edit-field')
  await edited.press('Enter')
  expect(await edited.inputValue()).toMatch(/\n$/)
  expect((await person.get('conversations.messages', { id })).messages).toHaveLength(2)
})

test('a question aside that was begun is kept when its dialog is closed, and gone once it is asked', async () => {
  const person = await someone('ida')
  const id = await conversationOf(person, [['One', { text: 'first answer' }]])
  const page = await browser.open(server.current, person, `/c/${id}`)
  const question = page.getByRole('dialog').getByRole('textbox', { name: 'Question' })
  await choose(page, lastAnswer(page), 'Ask aside')
  await question.fill('Half a question')
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'detached' })
  await choose(page, lastAnswer(page), 'Ask aside')
  expect(await question.inputValue()).toBe('Half a question')
  await button(page.getByRole('dialog'), 'Ask').click()
  await page.getByRole('list', { name: 'Asked aside' }).waitFor()
  await choose(page, lastAnswer(page), 'Ask aside')
  expect(await question.inputValue()).toBe('')
})

test('an answer is deleted with what follows it, brought back, and asked for again, on every device', async () => {
  const person = await someone('eve')
  const id = await conversationOf(person, [
    ['One', { text: 'first answer' }],
    ['Two', { text: 'second answer' }],
  ])
  const page = await browser.open(server.current, person, `/c/${id}`)
  const phone = await browser.open(server.current, person, `/c/${id}`, { width: 390, colorScheme: 'dark' })
  await textOf(lastAnswer(phone)).toContain('second answer')
  await textOf(lastAnswer(page)).toContain('second answer')

  await choose(page, answers(page).first(), 'Delete this answer and what follows')
  await page.getByText('There is no answer to this.').waitFor()
  await phone.getByText('There is no answer to this.').waitFor()
  expect(await answers(phone).count()).toBe(0)
  await expect.poll(() => focusedName(page)).toBe('Your message')
  expect(await accessibilityProblems(page)).toEqual([])
  await button(page, 'Undo').click()
  await textOf(lastAnswer(page)).toContain('second answer')
  await textOf(lastAnswer(phone)).toContain('second answer')

  await choose(page, answers(page).first(), 'Delete this answer and what follows')
  await button(page, 'Get an answer').click()
  await textOf(lastAnswer(page)).toContain('first answer')
  await expect.poll(() => answers(page).count()).toBe(1)
  expect((await person.get('conversations.messages', { id })).pathLength).toBe(2)
})

test.each([
  { width: 1440, colorScheme: 'dark' as const },
  { width: 390, colorScheme: 'light' as const },
])('a temporary conversation is marked, listed nowhere, and kept with one press, $width px', async ({ width, colorScheme }) => {
  const person = await someone(`fin${width}`)
  const page = await browser.open(server.current, person, '/', { width, colorScheme })
  await button(page, 'Temporary').click()
  await page.getByText('erased after 24 hours').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('textbox', { name: 'Your message' }).fill('Only for now')
  await button(page, 'Send').click()
  await page.waitForURL('**/c/*')
  await page.getByText('Temporary: in no list').waitFor()
  await textOf(lastAnswer(page)).toContain('You wrote: Only for now')
  const listed = async () => (await person.get('conversations.list', { workspaceId: person.workspaceId })).conversations.length
  expect(await listed()).toBe(0)
  expect(await page.getByRole('link', { name: 'Only for now' }).count()).toBe(0)
  expect(await accessibilityProblems(page)).toEqual([])

  await button(page, 'Keep it').click()
  await page.getByText('Temporary: in no list').waitFor({ state: 'detached' })
  expect(await listed()).toBe(1)
  // On a phone the list is in a drawer.
  if (width > 500) await page.getByRole('link', { name: 'Only for now' }).waitFor()
})

test.each([
  { width: 1440, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('the settings of a conversation say what counts and why, and reach the model, $width px', async ({ width, colorScheme }) => {
  const person = await someone(`gil${width}`)
  await person.get('workspaces.updateSettings', { workspaceId: person.workspaceId, systemPrompt: 'Be the workspace.', temperature: 0.9 })
  const id = await conversationOf(person, [['One', { text: 'first answer' }]])
  const page = await browser.open(server.current, person, `/c/${id}`, { width, colorScheme })
  await textOf(lastAnswer(page)).toContain('first answer')
  await button(page, 'Settings of this conversation').click()
  const dialog = page.getByRole('dialog', { name: 'Settings of this conversation' })
  await dialog.getByText('If empty: Be the workspace. (the workspace)').waitFor()
  await dialog.getByText('If empty: not sent').first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await dialog.getByLabel('System prompt').fill('Be brief.')
  await dialog.getByLabel('Top-p').fill('7')
  await button(dialog, 'Save').click()
  await expect.poll(() => dialog.getByLabel('Top-p').getAttribute('aria-invalid')).toBe('true')
  await dialog.getByLabel('Top-p').fill('0.25')
  await button(dialog, 'Save').click()
  await dialog.getByText('Saved').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })

  await page.getByRole('textbox', { name: 'Your message' }).fill('Two')
  await button(page, 'Send').click()
  await textOf(lastAnswer(page)).toContain('You wrote: Two')
  const sent = JSON.stringify(provider.requests.at(-1)!.body)
  for (const value of ['Be brief.', '0.25', '0.9']) expect(sent).toContain(value)
})

test('versions are compared by keyboard', async () => {
  const person = await someone('cy')
  const id = await conversationOf(person, [['Which?', { text: 'the first' }]])
  const { messages } = await person.get('conversations.messages', { id })
  const restore = provider.script({ text: 'the second' })
  await allEvents(await startTurn(person, id, { tryAgain: messages[0]!.id }))
  restore()
  const page = await browser.open(server.current, person, `/c/${id}`)
  await textOf(lastAnswer(page)).toContain('the second')
  await button(page, /^Model: /).waitFor()
  await page.getByRole('textbox', { name: 'Your message' }).evaluate((element) => element.blur())
  await page.keyboard.press('k')
  await expect.poll(() => focusedName(page)).toMatch(/^Answer/)
  await button(lastAnswer(page), 'More').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Compare versions' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Compare 2 answers' })
  await dialog.getByText('the first').waitFor()
  await button(dialog, 'Go on with this one').first().focus()
  await page.keyboard.press('Enter')
  await textOf(lastAnswer(page)).toContain('the first')
})

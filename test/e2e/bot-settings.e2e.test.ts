import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { noteUnanswered } from '../../src/server/features/pages/index.ts'
import { newId } from '../../src/server/platform/ids.ts'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { type Person, useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()

const path = '/settings/page?part=bot'
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
// Toasts have the role of a dialog too.
const dialogOf = (page: Page) => page.locator('.dialog')
const section = (page: Page, title: string) => page.locator('.settings-section').filter({ has: page.getByRole('heading', { name: title }) })
const rows = (page: Page) => section(page, 'Quick actions').locator('.row-title').allTextContents()

async function makePage(person: Person, slug: string, displayName: string) {
  const { id } = await person.get('pages.create', { workspaceId: person.workspaceId, slug, displayName })
  return id
}

/** As the bot does it: each in a turn of its own. */
async function ask(pageId: string, question: string, reason: 'unknown' | 'failed' = 'unknown') {
  await noteUnanswered(server.current.deps.db, { pageId, question, reason, turnId: newId() })
}

test('a bot is set up, and stays so', async () => {
  const app = server.current
  const [ada] = await app.people('ada')
  const pageId = await makePage(ada, 'ada-bot', 'Ada')
  const agent = await ada.get('agents.create', { workspaceId: ada.workspaceId, name: 'Host', instructions: 'Be brief.' })
  const page = await browser.open(app, ada, '/settings/page')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('link', { name: 'Bot' }).click()

  await button(page, 'Let it answer').click()
  await page.getByText('Answers visitors', { exact: true }).waitFor()
  await page.getByText('Once the page is published').waitFor()

  const words = section(page, 'What it says')
  expect(await page.getByLabel('Greeting').inputValue()).toBe('Hello! How can I help?')
  await page.getByText('No buttons yet').waitFor()
  await page.getByLabel('Greeting').fill(' ')
  await words.getByRole('button', { name: 'Save' }).click()
  await page.getByText('How does it greet?').waitFor()
  await page.getByLabel('Greeting').fill('Ask me about engines.')
  await words.getByRole('button', { name: 'Who answers' }).click()
  await page.getByRole('option', { name: /Host/ }).click()
  await words.getByLabel('Links').uncheck()
  // What was typed outlives a look at the other part.
  await page.getByRole('link', { name: 'Page', exact: true }).click()
  await page.getByLabel('Tagline').waitFor()
  await page.goBack()
  await words.getByRole('button', { name: 'Save' }).click()
  await words.getByText('Saved', { exact: true }).waitFor()

  const limits = section(page, 'Limits')
  await limits.getByText('Today (UTC): 0 of 500 messages answered').waitFor()
  await page.getByLabel('Minutes until a visit ends').fill('2')
  await page.getByLabel('Messages a day in all').fill('40')
  await limits.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A whole number from 5 to 1,440.').waitFor()
  await page.getByLabel('Minutes until a visit ends').fill('15')
  await limits.getByRole('button', { name: 'Save' }).click()
  await limits.getByText('0 of 40 messages').waitFor()

  const site = page.getByLabel('Address of a site')
  await site.fill('https://example.org/blog')
  await page.keyboard.press('Enter')
  await page.getByText('An address such as https://example.org, without a path.').waitFor()
  await site.fill('Blog.example.org')
  await page.keyboard.press('Enter')
  await button(page, 'Take https://blog.example.org off the list').waitFor()
  await site.fill('https://blog.example.org/')
  await page.keyboard.press('Enter')
  await page.getByText('This site is on the list already.').waitFor()
  await page.getByText('Copy', { exact: true }).click()
  await page.getByText('Copied', { exact: true }).waitFor()
  const line = `<script src="${app.url}/widget.js" data-page="ada-bot" async></script>`
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(line)

  expect(await ada.get('bots.get', { pageId })).toMatchObject({
    isEnabled: true,
    greeting: 'Ask me about engines.',
    agentId: agent.id,
    enabledTools: ['faq'],
    visitorDailyLimit: 30,
    dailyLimit: 40,
    visitMinutes: 15,
    allowedOrigins: ['https://blog.example.org'],
  })
  await page.reload()
  await expect.poll(() => page.getByLabel('Greeting').inputValue()).toBe('Ask me about engines.')
  await expect.poll(() => words.getByRole('button', { name: 'Who answers' }).textContent()).toContain('Host')
  expect(await words.getByLabel('Links').isChecked()).toBe(false)
  await button(page, 'Take https://blog.example.org off the list').click()
  await page.getByText('None yet: until a site is listed').waitFor()
  await page.getByText('https://blog.example.org may not show the bot any more').waitFor()
  await page.setViewportSize({ width: 1100, height: 900 }) // without the frame, which axe cannot enter
  expect(await accessibilityProblems(page)).toEqual([])
})

test('quick actions are made, ordered by keyboard and by mouse, and removed with a way back', async () => {
  const app = server.current
  const [ada] = await app.people('ada')
  const pageId = await makePage(ada, 'ada-buttons', 'Ada')
  const page = await browser.open(app, ada, path)
  const dialog = dialogOf(page)
  await button(page, 'Add a button').press('Enter')
  await dialog.getByLabel('What stands on it').fill('My "links"')
  await button(page, 'Save').last().click()
  await dialog.waitFor({ state: 'detached' })
  for (const label of ['Engines', 'Talks']) {
    await button(page, 'Add a button').press('Enter')
    await dialog.getByLabel('What stands on it').fill(label)
    await dialog.getByRole('radio', { name: /^Asks something/ }).check()
    await page.keyboard.press('Tab')
    await page.keyboard.type(`Tell me of ${label.toLowerCase()}`)
    await button(page, 'Save').last().click()
    await dialog.waitFor({ state: 'detached' })
  }
  await expect.poll(() => rows(page)).toEqual(['My "links"', 'Engines', 'Talks'])

  // Quick presses arrive in their order, and the focus stays with the row.
  await button(page, 'Move “My "links"” down').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  expect(await rows(page)).toEqual(['Engines', 'Talks', 'My "links"'])
  expect(await focusedName(page)).toBe('Move “My "links"” up')
  const labels = async () => (await ada.get('bots.get', { pageId })).quickActions.map(({ label }) => label)
  await expect.poll(labels).toEqual(['Engines', 'Talks', 'My "links"'])
  const grip = (await page.locator('.sortable-grip').nth(1).boundingBox())!
  const first = (await page.locator('.sortable-row').first().boundingBox())!
  await page.mouse.move(grip.x + 5, grip.y + 10)
  await page.mouse.down()
  await page.mouse.move(grip.x + 5, first.y + 2, { steps: 5 })
  await page.mouse.up()
  await expect.poll(labels).toEqual(['Talks', 'Engines', 'My "links"'])

  await button(page, 'More about “Engines”').click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await dialog.getByLabel('What it asks').fill('What is an engine?')
  await button(page, 'Save').last().click()
  await page.getByText('Asks: “What is an engine?”').waitFor()
  await button(page, 'More about “Engines”').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page)).toEqual(['Talks', 'My "links"'])
  expect(await page.evaluate(() => document.activeElement?.closest('.bot-list') !== null)).toBe(true)
  await expect.poll(labels).toHaveLength(2)
  await button(page, 'Undo').click()
  await expect.poll(labels).toEqual(['Talks', 'Engines', 'My "links"'])

  // What could not be saved is not shown as if it were.
  await page.context().setOffline(true)
  await button(page, 'Move “Talks” down').click()
  await page.getByText('The buttons were not changed.').first().waitFor()
  await expect.poll(() => rows(page)).toEqual(['Talks', 'Engines', 'My "links"'])
  await page.context().setOffline(false)

  const { quickActions } = await ada.get('bots.get', { pageId })
  await ada.get('bots.update', { pageId, quickActions: [...quickActions, ...quickActions] })
  await page.reload()
  await page.getByText('There is no room for more than 6.').waitFor()
  expect(await button(page, 'Add a button').count()).toBe(0)
})

test('a question without an answer is answered or dismissed', async () => {
  const app = server.current
  const [ada] = await app.people('ada')
  const pageId = await makePage(ada, 'ada-open', 'Ada')
  const page = await browser.open(app, ada, path, { width: 1100 })
  await page.getByText('Nothing is open').waitFor()
  await ask(pageId, 'What is the weather?', 'failed')
  const long = 'I wonder about engines, and what they are good for. '.repeat(12).trim()
  await ask(pageId, long)
  await ask(pageId, 'Do you give talks?')
  await ask(pageId, 'do you give TALKS')
  await page.reload()

  const open = section(page, 'Questions without an answer')
  const questions = () => open.locator('.row-title').allTextContents()
  await button(page, '3 questions without an answer').click()
  await open.getByText('Asked 2 times · now · the bot did not know').waitFor()
  await open.getByText('Asked once · now · no answer came about').waitFor()
  expect(await questions()).not.toContain(long)
  await button(page, 'Show all of it').click()
  expect(await questions()).toContain(long)
  expect(await accessibilityProblems(page)).toEqual([])

  await button(page, 'Answer it: “Do you give talks?”').focus()
  await page.keyboard.press('Enter')
  const dialog = dialogOf(page)
  expect(await dialog.getByLabel('Question').inputValue()).toBe('Do you give talks?')
  await dialog.getByLabel('Answer').fill('Yes, in winter.')
  await button(page, 'Save').last().click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(questions).toHaveLength(2)
  expect(await page.evaluate(() => document.activeElement?.closest('.bot-unanswered') !== null)).toBe(true)
  expect(await ada.get('pageFaq.list', { pageId })).toMatchObject([{ question: 'Do you give talks?', answer: 'Yes, in winter.' }])

  await button(page, 'Dismiss “What is the weather?”').click()
  await page.getByText('Dismissed. Asked again, it comes back.').waitFor()
  await expect.poll(async () => (await ada.get('bots.listUnanswered', { pageId })).map(({ question }) => question)).toEqual([long])

  await page.context().setOffline(true)
  await button(page, /^Dismiss “/).click()
  await page.getByText('The question is still on the list.').first().waitFor()
  await expect.poll(questions).toHaveLength(1)
  await page.context().setOffline(false)
  await button(page, /^Dismiss “/).click()
  await page.getByText('Nothing is open').waitFor()
})

test('an editor is told what is not theirs to change; a viewer changes nothing; on a phone it all fits', async () => {
  const app = server.current
  const [owner, editor, viewer] = await app.people('olga', 'edda', 'vera')
  const pageId = await makePage(owner, 'olga-bot', 'Olga')
  await owner.get('pageRoles.grant', { pageId, email: editor.email, role: 'page editor' })
  await owner.get('pageRoles.grant', { pageId, email: viewer.email, role: 'page viewer' })
  const agent = await owner.get('agents.create', { workspaceId: owner.workspaceId, name: 'Host' })
  await owner.get('bots.update', {
    pageId,
    agentId: agent.id,
    quickActions: [{ kind: 'question', label: 'Hours', text: 'When are you open?' }],
    allowedOrigins: ['https://olga.example.org'],
  })
  await ask(pageId, 'Where is it?')

  const page = await browser.open(app, editor, path, { width: 390, colorScheme: 'dark' })
  await page.getByLabel('Page', { exact: true }).selectOption('Olga (@olga-bot)')
  await page.getByText('How much strangers may ask').waitFor()
  const enable = button(page, 'Let it answer')
  expect(await enable.getAttribute('aria-disabled')).toBe('true')
  await page.getByText('Whoever may publish the page decides this.').waitFor()
  expect(await page.getByLabel('Messages a day in all').isDisabled()).toBe(true)
  expect(await page.getByLabel('Address of a site').count()).toBe(0)
  await page.getByText('Only members of the workspace can choose who answers.').waitFor()
  await page.getByText('An agent that you cannot see').waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  expect(await accessibilityProblems(page)).toEqual([])
  // What an editor may change is saved, and nothing else is sent along.
  await page.getByLabel('Greeting').fill('Good day.')
  await section(page, 'What it says').getByRole('button', { name: 'Save' }).tap()
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.getByLabel('Minutes until a visit ends').fill('10')
  await section(page, 'Limits').getByRole('button', { name: 'Save' }).tap()
  await expect.poll(() => owner.get('bots.get', { pageId })).toMatchObject({ greeting: 'Good day.', visitMinutes: 10, dailyLimit: 500 })

  const other = await browser.open(app, viewer, path)
  await other.getByLabel('Page', { exact: true }).selectOption('Olga (@olga-bot)')
  await other.getByText('Where is it?').waitFor()
  for (const label of ['Greeting', 'Minutes until a visit ends']) expect(await other.getByLabel(label).isDisabled(), label).toBe(true)
  for (const name of ['Let it answer', 'Save', 'Add a button', /^Move/, /^More about/, /^Take/, /^Answer/, /^Dismiss/])
    expect(await button(other, name).count(), String(name)).toBe(0)
})

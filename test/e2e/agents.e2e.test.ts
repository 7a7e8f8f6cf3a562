import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { png } from '../support/picture-server.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()

const button = (scope: Page | Locator, name: string | RegExp): Locator => scope.getByRole('button', { name, exact: true })
const field = (page: Page, name: string): Locator => page.getByRole('textbox', { name, exact: true })
const questions = (page: Page): Locator => page.locator('.message[data-role=user]')
const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

test('an agent is made, answers a conversation that begins with a suggestion, is changed, and an old version comes back', async () => {
  const [person] = await server.current.people('nora')
  const page = await browser.open(server.current, person, '/agents')
  await page.getByText('There are no agents yet').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'agents-none')

  await button(page, 'New agent').first().click()
  await field(page, 'Emoji').fill('🌊')
  await page.getByLabel('Colour').selectOption('blue')
  await button(page, 'Create agent').click()
  await page.getByText('An agent needs a name.').first().waitFor()
  await field(page, 'Name').fill('Tides')
  await field(page, 'What it is for').fill('Knows the sea.')
  await field(page, 'Instructions').fill('You know tides of {{port}}.')
  await field(page, 'Value of port').fill('Brest')
  await page.getByRole('radio', { name: 'Only these' }).check()
  await page.getByRole('checkbox', { name: 'fetch_page' }).uncheck()
  await field(page, 'Suggested first messages').fill('When is low tide?\nWhat is a spring tide?')
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'agent-form')
  await button(page, 'Create agent').click()

  await page.getByText('Version 1. What you save becomes version 2.').waitFor()
  const { agents } = await person.get('agents.list', { workspaceId: person.workspaceId })
  const { id } = agents[0]!
  expect(await person.get('agents.get', { id })).toMatchObject({
    name: 'Tides',
    icon: '🌊',
    color: 'blue',
    current: { instructions: 'You know tides of {{port}}.', values: { port: 'Brest' }, maxSteps: null },
  })
  const { tools } = (await person.get('agents.get', { id })).current
  expect([tools!.includes('calculate'), tools!.includes('fetch_page')]).toEqual([true, false])

  await button(page, 'Start a conversation').click()
  await page.getByRole('heading', { name: 'Tides' }).waitFor()
  await button(page, 'Who answers: Tides').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'agent-new-conversation')
  await button(page, 'When is low tide?').click()
  await expect.poll(() => questions(page).allInnerTexts()).toEqual([expect.stringContaining('When is low tide?')])
  await page.locator('.message[data-role=assistant]').first().waitFor()
  await button(page, 'Who answers: Tides').waitFor()
  await look(page, 'agent-conversation')
  const { conversations } = await person.get('conversations.list', { workspaceId: person.workspaceId })
  expect(conversations[0]!.agentId).toBe(id)

  await page.goto(`${server.current.url}/agents/${id}`)
  await field(page, 'Instructions').fill('You know nothing.')
  await field(page, 'What you changed').fill('Forgetful')
  await button(page, 'Save').click()
  await page.getByText('Version 2. What you save becomes version 3.').waitFor()
  await page.getByRole('listitem').filter({ hasText: 'Forgetful' }).getByText('answers now').waitFor()
  await button(page, 'Show version 1').click()
  const version = page.getByRole('dialog', { name: 'Version 1' })
  await version.getByText('You know tides of {{port}}.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(version, 'Restore version 1').click()
  await page.getByText('Version 3. What you save becomes version 4.').waitFor()
  await expect.poll(() => field(page, 'Instructions').inputValue()).toBe('You know tides of {{port}}.')
  await page.getByRole('region', { name: 'Use in the last 30 days' }).getByText('Together').waitFor()
  await look(page, 'agent-edit')
})

test('who answers is chosen in the composer, on a phone too, and an agent that is gone is said to be', async () => {
  const [person] = await server.current.people('otto')
  const { workspaceId } = person
  const agent = await person.get('agents.create', { workspaceId, name: 'Poet', icon: '🪶', instructions: 'You rhyme.' })
  const { id } = await person.get('conversations.create', { workspaceId, title: 'Rhymes' })
  const page = await browser.open(server.current, person, `/c/${id}`, { width: 390, colorScheme: 'dark' })
  await button(page, 'Who answers').click()
  await page.getByRole('option', { name: /Poet/ }).click()
  await button(page, 'Who answers: Poet').waitFor()
  await expect.poll(async () => (await person.get('conversations.get', { id })).agentId).toBe(agent.id)
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'agent-phone')

  await person.get('agents.delete', { id: agent.id })
  await page.getByText('was deleted, or is not shared with you any more').waitFor()
  await look(page, 'agent-gone')
  await button(page, 'Go on without it').click()
  await expect.poll(async () => (await person.get('conversations.get', { id })).agentId).toBeNull()
  await page.getByText('was deleted, or is not shared with you any more').waitFor({ state: 'detached' })
})

test('an agent of others is used and copied, not changed; whom it is shared with sees it at once', async () => {
  const [ann, ben] = await server.current.people('ann', 'ben')
  const { workspaceId } = ann
  await server.current.addMember(workspaceId, ben, 'User')
  const { id } = await ann.get('agents.create', { workspaceId, name: 'Ours', instructions: 'We are one.' })
  const page = await browser.open(server.current, ann, `/agents/${id}`)
  const sharing = page.getByRole('region', { name: 'Shared with' })
  await sharing.getByRole('textbox', { name: 'E-mail' }).fill(ben.email)
  await button(sharing, 'Share').click()
  await sharing.getByText(ben.email).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'agent-sharing')

  const bens = await browser.open(server.current, ben, `/agents/${id}`)
  await bens.getByText('You can use this agent.').waitFor()
  await bens.getByText('We are one.').waitFor()
  expect(await accessibilityProblems(bens)).toEqual([])
  await look(bens, 'agent-shared')
  await button(sharing, 'Stop sharing with ben').click()
  await bens.getByText('There is no such agent').waitFor()
})

test('by keyboard: @ lists agents, and the one that is chosen answers beside the conversation, with its card in it', async () => {
  const [person] = await server.current.people('mona')
  const { workspaceId } = person
  await person.get('agents.create', { workspaceId, name: 'Painter', instructions: 'You paint.' })
  const poet = await person.get('agents.create', { workspaceId, name: 'Poet', description: 'Rhymes.', instructions: 'You rhyme.' })
  const { id } = await person.get('conversations.create', { workspaceId, title: 'Sea' })
  await person.get('turns.start', { id, text: 'Tell me of the sea.' })
  const page = await browser.open(server.current, person, `/c/${id}`)
  await page.locator('.message[data-role=assistant]').first().waitFor()
  await field(page, 'Your message').click()

  await page.keyboard.type('@')
  await expect.poll(() => page.getByRole('option').count()).toBe(2)
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'mention')
  await page.keyboard.type('po')
  await expect.poll(() => page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('Poet')])
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'Asks Poet aside' }).waitFor()
  expect(await field(page, 'Your message').inputValue()).toBe('')
  await page.keyboard.type('In four lines?')
  await look(page, 'mention-chosen')
  await page.keyboard.press('Enter')

  const card = page.getByRole('list', { name: 'Asked aside' }).getByRole('link', { name: /Poet: In four lines\?/ })
  await card.waitFor()
  await page.getByRole('group', { name: 'Asks Poet aside' }).waitFor({ state: 'detached' })
  await expect.poll(() => card.innerText()).toContain('Completed')
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'mention-card')
  expect(await questions(page).count()).toBe(1)
  const [child] = await person.get('conversations.children', { id })
  expect(child!.conversation).toMatchObject({ agentId: poet.id, spawnedByConversationId: id })
})

test.each([1440, 390])(
  'a picture is chosen, looked at, used and removed, and shown on other devices at once, %i pixels wide',
  async (width) => {
    const [person] = await server.current.people('pia')
    const { workspaceId } = person
    const { id } = await person.get('agents.create', { workspaceId, name: 'Poet', icon: '🪶', instructions: 'You rhyme.' })
    const { id: conversationId } = await person.get('conversations.create', { workspaceId, title: 'Sea' })
    const page = await browser.open(server.current, person, `/agents/${id}`, { width })
    const other = await browser.open(server.current, person, '/agents', { width, colorScheme: 'dark' })
    const row = other.getByRole('listitem').filter({ hasText: 'Poet' })
    await row.getByText('🪶').waitFor()
    const group = page.getByRole('group', { name: 'Picture', exact: true })
    const choose = (name: string, buffer: Buffer) =>
      group.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer })
    const shown = (scope: Page | Locator) => scope.locator('.agent-picture img')
    const isDrawn = (image: Locator) => image.evaluate((element) => (element as HTMLImageElement).naturalWidth > 0)

    await choose('words.png', Buffer.from('No picture at all.'))
    await group.getByRole('alert').getByText('This is no picture that can be shown here.').waitFor()
    // Made in the page: too much to be sent to it.
    await group.locator('input[type=file]').evaluate((element) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], 'huge.png', { type: 'image/png' }))
      ;(element as HTMLInputElement).files = data.files
      element.dispatchEvent(new Event('change', { bubbles: true }))
    })
    await group.getByRole('alert').getByText('This picture is too large.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await look(page, `agent-picture-refused-${width}`)

    await choose('sea.png', png(1200, 800))
    await group.getByText('So it will look.').waitFor()
    expect(await shown(page).count()).toBe(1)
    expect(await accessibilityProblems(page)).toEqual([])
    await look(page, `agent-picture-preview-${width}`)
    await button(group, 'Do not use it').click()
    await shown(page).waitFor({ state: 'detached' })
    expect((await person.get('agents.get', { id })).pictureUrl).toBeNull()

    await field(page, 'Instructions').fill('You rhyme, always.')
    await choose('sea.png', png(1200, 800))
    await button(group, 'Use this picture').click()
    await button(group, 'Remove the picture').waitFor()
    expect(await field(page, 'Instructions').inputValue()).toBe('You rhyme, always.')
    await expect.poll(() => isDrawn(shown(page))).toBe(true)
    await expect.poll(() => isDrawn(shown(row))).toBe(true)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await accessibilityProblems(other)).toEqual([])
    await look(page, `agent-picture-${width}`)
    await look(other, `agent-picture-list-${width}`)

    await other.goto(`${server.current.url}/c/${conversationId}`)
    await button(other, 'Who answers').click()
    const option = other.getByRole('option', { name: 'Poet' })
    await expect.poll(() => isDrawn(shown(option))).toBe(true)
    expect(await accessibilityProblems(other)).toEqual([])
    await look(other, `agent-picture-choice-${width}`)
    await option.click()
    await expect.poll(() => isDrawn(shown(button(other, 'Who answers: Poet')))).toBe(true)

    await button(group, 'Remove the picture').click()
    await button(group, 'Choose a picture').waitFor()
    await button(other, 'Who answers: Poet').getByText('🪶').waitFor()
  },
)

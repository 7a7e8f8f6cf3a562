import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Part } from '../../src/contract/messages.ts'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { insertMessages } from '../support/long-conversation.ts'
import { type ProviderServer, type Script, startProviderServer } from '../support/provider-server/index.ts'
import { type Person, useTestApp } from '../support/test-app.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const browser = useBrowser()
let provider: ProviderServer

beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())

/** Somebody whose conversations are answered by the local provider. */
async function someone(name: string): Promise<Person> {
  const [person] = await server.current.people(name)
  const { workspaceId } = person
  const baseUrl = provider.baseUrl('compatible')
  await person.get('connections.create', { workspaceId, provider: 'openai-compatible', name: 'Local', apiKey: 'sk-local', baseUrl })
  const { models } = await person.get('models.list', { workspaceId })
  const model = models.find((one) => one.provider === 'openai-compatible' && one.kind === 'chat')
  if (!model) throw new Error('The local provider lists no model.')
  await person.get('people.updateSettings', { defaultModelId: model.id })
  return person
}

/** What is written to be answered that way. */
const asking = (text: string, script: Script): string => `${text} [[${JSON.stringify(script)}]]`

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message' })
const questions = (page: Page): Locator => page.locator('.message[data-role=user]')
const answers = (page: Page): Locator => page.locator('.message[data-role=assistant]')
const lastAnswer = (page: Page): Locator => answers(page).last()
const button = (scope: Page | Locator, name: string | RegExp): Locator =>
  scope.getByRole('button', { name, exact: typeof name === 'string' })
const textOf = (locator: Locator) => expect.poll(() => locator.innerText(), { timeout: 10_000 })
const distanceFromEnd = (page: Page): Promise<number> =>
  page.locator('[data-scroller]').evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight))

async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text)
  await page.keyboard.press('Enter')
}

/** Nothing is being written any more. */
async function settled(page: Page): Promise<void> {
  await answers(page).first().waitFor()
  await button(page, 'Stop the answer').waitFor({ state: 'detached' })
}

async function begin(page: Page, text: string): Promise<string> {
  await say(page, text)
  await page.waitForURL('**/c/*')
  await questions(page).first().waitFor()
  return page.url().split('/').at(-1) ?? ''
}

const outboxKeys = (page: Page): Promise<string[]> =>
  page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('parley.outbox.')))

const stored = async (person: Person, id: string) => (await person.get('conversations.messages', { id })).messages
const textIn = (parts: readonly Part[]): string => parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

const markdown = `Six **months**, then it must *go*:

| Letter | Kept |
|---|--:|
| Rejection | 6 months |

\`\`\`ts
const months: number = 6
\`\`\`

<script>document.title = 'owned'</script> <img src=x onerror="document.title='owned'"> [click](javascript:document.title='owned') [fine](https://example.com/a)

![chart](https://example.com/chart.png)`

describe('an answer', () => {
  test('is streamed, formatted, safe, and says which model, which key and how long it thought', async () => {
    const person = await someone('ana')
    const page = await browser.open(server.current, person)
    await page.getByRole('heading', { name: 'What would you like to work on?' }).waitFor()
    await begin(page, asking('How long?', { text: markdown, reasoning: 'I look at the policy.', delayMs: 5 }))
    await textOf(page.locator('.composer-hint')).toContain('Answering with your key')
    await settled(page)

    const answer = lastAnswer(page)
    expect(await answer.getByRole('table').innerText()).toContain('6 months')
    await answer.locator('.tok-keyword', { hasText: 'const' }).waitFor()
    expect(await answer.getByRole('link', { name: 'fine' }).getAttribute('rel')).toBe('noopener noreferrer nofollow')
    expect(await answer.getByRole('link', { name: 'click' }).count()).toBe(0)
    expect(await answer.locator('script, img').count()).toBe(0)
    expect(await answer.innerText()).toContain(`<script>document.title = 'owned'</script>`)
    expect(await page.title()).not.toBe('owned')
    expect(await button(answer, /^Show chart/).isVisible()).toBe(true)

    await button(answer, /^Thought/).click()
    await answer.getByText('I look at the policy.').waitFor()
    await answer.hover()
    await button(answer, 'Details').click()
    await textOf(page.getByRole('dialog')).toMatch(/OpenAI-compatible[\s\S]*your key[\s\S]*unknown/)
  })

  test('goes on after a reload and in a second tab, and both end with what is stored', async () => {
    const person = await someone('ben')
    const page = await browser.open(server.current, person)
    const id = await begin(page, asking('Count', { tokens: 60, delayMs: 40 }))
    await answers(page).locator('p').first().waitFor()
    const second = await page.context().newPage()
    await second.goto(page.url())
    await page.reload()
    await button(page, 'Stop the answer').waitFor()
    await button(second, 'Stop the answer').waitFor()
    await Promise.all([settled(page), settled(second)])

    const text = textIn((await stored(person, id)).at(-1)?.parts ?? []).trim()
    expect(text.split(' ')).toHaveLength(60)
    await textOf(page.locator('.answer-text')).toBe(text)
    await textOf(second.locator('.answer-text')).toBe(text)
  })

  test('stops with Escape and keeps what had arrived', async () => {
    const person = await someone('cai')
    const page = await browser.open(server.current, person)
    const id = await begin(page, asking('Count', { tokens: 2000, delayMs: 20 }))
    await answers(page).locator('p').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('You stopped this answer.').waitFor()
    const answer = (await stored(person, id)).at(-1)
    expect(answer?.answer?.state).toBe('stopped')
    await textOf(page.locator('.answer-text')).toBe(textIn(answer?.parts ?? []).trim())
  })

  test('that breaks off says so, keeps its text, and is tried again with one press', async () => {
    const person = await someone('dov')
    const page = await browser.open(server.current, person)
    await begin(page, asking('Break', { text: 'one two three four five six', fault: 'cut', after: 3, delayMs: 5 }))
    await lastAnswer(page).getByText('The answer broke off.').waitFor()
    expect(await lastAnswer(page).innerText()).toContain('one two three')
    const restore = provider.script({ text: 'whole this time' })
    await button(lastAnswer(page).locator('.notice'), 'Try again').click()
    await textOf(lastAnswer(page)).toContain('whole this time')
    restore()
    await textOf(lastAnswer(page).locator('.branch')).toContain('2/2')
  })

  test('is heard once, when it is there', async () => {
    const person = await someone('eli')
    const page = await browser.open(server.current, person)
    await begin(page, asking('Say', { text: 'A **short** answer.', delayMs: 5 }))
    await page.getByRole('status').getByText('Answer: A short answer.').waitFor({ state: 'attached' })
    expect(await page.locator('.transcript [aria-live]:not([aria-live=off])').count()).toBe(0)
  })
})

describe('messages', () => {
  test('are edited, tried again and switched by keyboard alone', async () => {
    const person = await someone('fay')
    const page = await browser.open(server.current, person)
    const id = await begin(page, asking('First wording', { text: 'first answer' }))
    await settled(page)
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => focusedName(page)).toBe('Your message')
    await page.locator('.edit-field').fill(asking('Second wording', { text: 'second answer' }))
    await page.keyboard.press('Enter')
    await textOf(lastAnswer(page)).toContain('second answer')
    await settled(page)
    await textOf(questions(page)).toContain('2/2')

    await field(page).evaluate((element) => element.blur())
    await page.keyboard.press('k')
    await expect.poll(() => focusedName(page)).toMatch(/^Answer/)
    await page.keyboard.press('k')
    expect(await focusedName(page)).toBe('You wrote')
    await page.keyboard.press('k')
    expect(await focusedName(page)).toBe('You wrote')
    await page.keyboard.press('j')
    await page.keyboard.press('r')
    await textOf(lastAnswer(page).locator('.branch')).toContain('2/2')
    await settled(page)

    await button(questions(page), 'Previous version').focus()
    await page.keyboard.press('Enter')
    await textOf(lastAnswer(page)).toContain('first answer')
    await textOf(questions(page)).toContain('1/2')
    // There is nothing before the first; the way back has the focus.
    await expect.poll(() => focusedName(page)).toBe('Next version')
    expect((await stored(person, id)).map((message) => textIn(message.parts))[1]).toBe('first answer')
  })

  test('keep what was written into an edit through Escape, another conversation and a reload, until Cancel', async () => {
    const person = await someone('eda')
    const page = await browser.open(server.current, person)
    await begin(page, asking('As it was', { text: 'here' }))
    await settled(page)
    const edit = page.locator('.edit-field')
    await page.keyboard.press('ArrowUp')
    const original = await edit.inputValue()
    await edit.fill('half a correction')
    await page.keyboard.press('Escape')
    await edit.waitFor({ state: 'detached' })
    await expect.poll(() => focusedName(page)).toBe('Your message')
    await page.keyboard.press('ArrowUp')
    expect(await edit.inputValue()).toBe('half a correction')

    await edit.fill('most of a correction')
    const url = page.url()
    await page.getByRole('link', { name: 'New conversation' }).click()
    await page.getByRole('heading', { name: 'What would you like to work on?' }).waitFor()
    await page.goto(url)
    await settled(page)
    await page.keyboard.press('ArrowUp')
    expect(await edit.inputValue()).toBe('most of a correction')

    await button(page, 'Cancel').click()
    await edit.waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowUp')
    expect(await edit.inputValue()).toBe(original)
  })

  test('wait their turn while an answer is written, and can be taken back', async () => {
    const person = await someone('gus')
    const page = await browser.open(server.current, person)
    await begin(page, asking('Long', { tokens: 2000, delayMs: 20 }))
    await answers(page).locator('p').first().waitFor()
    await say(page, asking('So?', { text: 'in its turn' }))
    await page.getByText('Waits for the answer above').waitFor()
    await say(page, 'And then?')
    await expect.poll(() => page.getByText('Waits for the answer above').count()).toBe(2)
    await button(page, 'Take back').last().click()
    await expect.poll(() => field(page).inputValue()).toBe('And then?')
    await page.getByText('Stopped before anything was written.').waitFor()
    await button(page, 'Stop the answer').click()
    await textOf(answers(page).nth(1)).toContain('in its turn')
  })

  test('written without a connection are sent once when it is back; drafts survive a reload', async () => {
    const person = await someone('hal')
    const page = await browser.open(server.current, person)
    const id = await begin(page, asking('Hello', { text: 'here' }))
    await settled(page)
    await field(page).fill('half a thought')
    await page.waitForFunction(() => Object.values(localStorage).includes('half a thought'))
    await page.reload()
    await expect.poll(() => field(page).inputValue()).toBe('half a thought')
    // Loaded as far as it has to be for writing: who loses the connection before that keeps the draft.
    await button(page, /^Model: /).waitFor()
    await settled(page)

    await page.context().setOffline(true)
    await say(page, asking('From a tunnel', { text: 'received' }))
    await questions(page).getByText('From a tunnel').waitFor()
    expect(await field(page).inputValue()).toBe('')
    await expect.poll(() => page.locator('.composer-hint').innerText()).not.toMatch(/key|cost/i)
    await page.context().setOffline(false)
    await textOf(lastAnswer(page)).toContain('received')
    const written = (await stored(person, id)).filter((message) => textIn(message.parts).startsWith('From a tunnel'))
    expect(written).toHaveLength(1)
  })

  test('that the server refuses stay on the screen with their reason, through a reload, with a way back', async () => {
    const person = await someone('ida')
    const page = await browser.open(server.current, person)
    const id = await begin(page, asking('Hello', { text: 'here' }))
    await settled(page)
    const { models } = await person.get('models.list', { workspaceId: person.workspaceId })
    const local = models.find((one) => one.provider === 'openai-compatible' && one.kind === 'chat')
    await person.get('conversations.update', { id, modelId: local?.id })
    await page.reload()
    await settled(page)
    const connections = await person.get('connections.list', { workspaceId: person.workspaceId })
    const refused = page.getByText('Not sent. There is no such model.')
    const own = connections.find((one) => one.provider === 'openai-compatible')
    await person.get('connections.delete', { id: own?.id ?? '' })
    await say(page, 'Without a model')
    await refused.waitFor()
    await page.evaluate(() => localStorage.setItem('parley.outbox.torn', '{"key":'))
    await page.reload()
    await refused.waitFor()
    expect(await outboxKeys(page)).toHaveLength(1)
    const [key = ''] = await outboxKeys(page)
    await button(page, 'Try again').last().click()
    // A refusal is remembered for its key.
    await expect.poll(() => outboxKeys(page)).not.toContain(key)
    await refused.waitFor()
    await button(page, 'Back to the composer').click()
    await expect.poll(() => field(page).inputValue()).toBe('Without a model')
  })

  test('have nowhere to go when the conversation is deleted elsewhere: it says so and offers a new one', async () => {
    const person = await someone('ivo')
    const page = await browser.open(server.current, person)
    const id = await begin(page, asking('Hello', { text: 'here' }))
    await settled(page)
    await person.get('conversations.delete', { id })
    await page.getByText('There is no such conversation.').waitFor()
    expect(await field(page).count()).toBe(0)
    expect(await answers(page).count()).toBe(0)
    await expect.poll(() => focusedName(page)).toBe('New conversation')

    await person.get('conversations.restore', { id })
    await textOf(lastAnswer(page)).toContain('here')
    await field(page).waitFor()
    await person.get('conversations.delete', { id })
    await expect.poll(() => focusedName(page)).toBe('New conversation')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'What would you like to work on?' }).waitFor()
  })

  test('are not looked for at an address that is none', async () => {
    const person = await someone('ina')
    const page = await browser.open(server.current, person, '/c/nonsense')
    await page.getByText('There is no such conversation.').waitFor()
    expect(await page.locator('#content').innerText()).not.toMatch(/issues|Try again/)
    expect(await field(page).count()).toBe(0)
    await page.locator('#content').getByRole('button', { name: 'New conversation' }).click()
    await page.getByRole('heading', { name: 'What would you like to work on?' }).waitFor()
  })

  test('are sent once by two presses in one moment, with the model that was chosen before a reload', async () => {
    const person = await someone('ula')
    const page = await browser.open(server.current, person)
    await button(page, /^Model: /).click()
    await page.getByRole('combobox', { name: 'Choose a model' }).fill('offline')
    await page.keyboard.press('Enter')
    await button(page, 'Model: Parley offline').waitFor()
    await page.reload()
    await button(page, 'Model: Parley offline').waitFor()

    await field(page).fill('Once')
    await field(page).evaluate((area) => {
      for (let press = 0; press < 2; press++) area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    })
    await page.waitForURL('**/c/*')
    await settled(page)
    await field(page).fill('Once more')
    await field(page).evaluate((area) => {
      for (let press = 0; press < 2; press++) area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    })
    // Shown at once, and only then sent.
    const id = page.url().split('/').at(-1) ?? ''
    const asked = async () => (await stored(person, id)).filter(({ role }) => role === 'user').map(({ parts }) => textIn(parts))
    await expect.poll(asked).toEqual(['Once', 'Once more'])
    await settled(page)
    expect(await asked()).toEqual(['Once', 'Once more'])
    expect(await questions(page).count()).toBe(2)
    const messages = await stored(person, id)
    expect(messages[1]?.answer?.modelName).toBe('Parley offline')
  })
})

test('a tool that asks waits for a decision through a reload, and is worked by keyboard', async () => {
  const person = await someone('jun')
  const page = await browser.open(server.current, person)
  const url = `${provider.url}/nothing-here`
  await begin(page, asking('Look', { toolRounds: [[{ name: 'fetch_page', arguments: { url } }]], text: 'the tool said {{results}}' }))
  const prompt = page.getByRole('region', { name: 'Use Fetch page?' })
  await prompt.waitFor()
  await textOf(page.locator('.composer-hint')).toContain('waits for your decision')
  await page.reload()
  await prompt.waitFor()
  expect(await prompt.innerText()).toContain(url)
  await button(prompt, 'Deny').focus()
  await page.keyboard.press('Enter')
  await textOf(lastAnswer(page)).toContain('the tool said')
  await textOf(lastAnswer(page).locator('.work')).toMatch(/Fetch page[\s\S]*denied/)
  await settled(page)
  expect(await prompt.count()).toBe(0)
  await expect.poll(() => focusedName(page)).toMatch(/^Fetch page/)
  await page.keyboard.press('Enter')
  await lastAnswer(page).getByText('Received').waitFor()
})

test('a model is found by typing, and the key that pays is shown beside it', async () => {
  const person = await someone('kim')
  const page = await browser.open(server.current, person)
  await button(page, /^Model:/).click()
  const search = page.getByRole('combobox', { name: 'Choose a model' })
  await search.fill('offline')
  await textOf(page.getByRole('option')).toMatch(/the house's key · free/)
  await page.keyboard.press('Enter')
  await button(page, 'Model: Parley offline').waitFor()
  const id = await begin(page, 'What is 6 * 7?')
  await textOf(lastAnswer(page)).toContain('42')
  expect((await stored(person, id)).at(-1)?.answer?.provider).toBe('built-in')
})

test('ten thousand messages open at their end, draw only what is near, and keep the place of the reader', async () => {
  const person = await someone('leo')
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: 'Long' })
  await insertMessages(server.current.deps.db, person, id, 10_000)
  const page = await browser.open(server.current, person, `/c/${id}`)
  await page.getByText('Message 9999', { exact: false }).waitFor()
  expect(await distanceFromEnd(page)).toBeLessThan(2)
  expect(await page.locator('.message').count()).toBeLessThan(40)
  expect(await page.getByRole('feed').locator('[aria-setsize="10000"]').count()).toBeGreaterThan(0)

  const scroller = page.locator('[data-scroller]')
  await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight / 2))
  await page.locator('.message').first().waitFor()
  await page.locator('.gap').first().waitFor({ state: 'detached' })
  const worst = await scroller.evaluate(async (element) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    let most = 0
    for (let step = 0; step < 60; step += 1) {
      const find = () => [...element.querySelectorAll('p, .person-text')].find((one) => one.getBoundingClientRect().bottom > 300)
      let seen = find()
      // On a busy machine the reader is faster than what is loaded.
      for (; !seen; seen = find()) await frame()
      const before = seen.getBoundingClientRect().top
      element.scrollTop -= 90
      await frame()
      await frame()
      most = Math.max(most, Math.abs(seen.getBoundingClientRect().top - before - 90))
    }
    return most
  })
  expect(worst).toBeLessThan(2)

  await scroller.evaluate((element) => (element.scrollTop = 0))
  await page.getByText('Message 0:', { exact: false }).waitFor()
  await button(page, 'Jump to the latest message').click()
  await page.getByText('Message 9999', { exact: false }).waitFor()
})

test('who reads further up stays there while the answer grows; who is at the end follows', async () => {
  const person = await someone('mia')
  const page = await browser.open(server.current, person)
  const paragraphs = Array.from(
    { length: 80 },
    (_, index) => `Paragraph ${index} of an answer that is long enough to need a second screen and a third.`,
  )
  await begin(page, asking('Long', { text: paragraphs.join('\n\n'), delayMs: 3 }))
  await page.getByText('Paragraph 25 ').waitFor()
  expect(await distanceFromEnd(page)).toBeLessThan(200)
  const moved = await page.locator('[data-scroller]').evaluate(async (element) => {
    element.scrollTop -= 300
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    const seen = [...element.querySelectorAll('p')].find((paragraph) => paragraph.getBoundingClientRect().top > 200)
    const before = seen?.getBoundingClientRect().top ?? Number.NaN
    const height = element.scrollHeight
    while (element.scrollHeight < height + 400) await frame()
    return Math.abs((seen?.getBoundingClientRect().top ?? Number.NaN) - before)
  })
  expect(moved).toBeLessThan(1)
  await button(page, 'Jump to the latest message').click()
  await settled(page)
  expect(await distanceFromEnd(page)).toBeLessThan(2)
})

test.each([
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
  // A desktop at 200 %.
  [720, 'light'],
] as const)('a conversation is accessible and fits at %i px, %s', async (width, colorScheme) => {
  const person = await someone('nel')
  const page = await browser.open(server.current, person, '/', { width, colorScheme })
  await page.getByRole('heading', { name: 'What would you like to work on?' }).waitFor()
  const found = [...(await accessibilityProblems(page))]
  await field(page).fill(
    asking('Show', { text: markdown, reasoning: 'thinking', toolRounds: [[{ name: 'fetch_page', arguments: { url: provider.url } }]] }),
  )
  await button(page, 'Send').click()
  await page.getByRole('region', { name: 'Use Fetch page?' }).waitFor()
  found.push(...(await accessibilityProblems(page)))
  await button(page, 'Deny').click()
  await settled(page)
  await lastAnswer(page).locator('.tok-keyword').first().waitFor()
  await lastAnswer(page).focus()
  found.push(...(await accessibilityProblems(page)))
  expect(found).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
})

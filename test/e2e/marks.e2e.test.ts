import { sql } from 'kysely'
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

const text = `The harbour is **deep enough** for ships of every kind, and its walls were built before anybody kept records.

Low tide comes twice. Low tide goes twice.

\`\`\`ts
const depth: number = 12
\`\`\``

/** The answer as if a model had written this. */
async function rewrite(id: string, markdown: string): Promise<void> {
  const parts = JSON.stringify([{ type: 'text', step: 1, text: markdown }])
  await sql`update message set parts = ${parts}::jsonb where conversation_id = ${id} and role = 'assistant'`.execute(server.current.deps.db)
}

/** Selects words of the last answer as a pointer would; the nth time they occur in one element. */
async function select(page: Page, inside: string, words: string, nth = 0): Promise<void> {
  await lastAnswer(page).locator(inside).filter({ hasText: words }).first().waitFor()
  await lastAnswer(page).evaluate(
    (message, [selector, wanted, count]) => {
      const element = [...message.querySelectorAll(selector)].find((one) => one.textContent.includes(wanted))!
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      const nodes: Text[] = []
      while (walker.nextNode()) nodes.push(walker.currentNode as Text)
      const whole = nodes.map((node) => node.data).join('')
      let at = whole.indexOf(wanted)
      for (let seen = 0; seen < count; seen += 1) at = whole.indexOf(wanted, at + 1)
      const pointAt = (offset: number): [Text, number] => {
        let rest = offset
        for (const node of nodes) {
          if (rest <= node.length) return [node, rest]
          rest -= node.length
        }
        throw new Error('beyond the end')
      }
      getSelection()!.setBaseAndExtent(...pointAt(at), ...pointAt(at + wanted.length))
    },
    [inside, words, nth] as const,
  )
}

/** What the browser was told to mark, by colour. */
const marked = (page: Page, color: string) =>
  expect.poll(() =>
    page.evaluate((name) => [...((CSS.highlights.get(`parley-${name}`) as Iterable<Range> | undefined) ?? [])].map(String), color),
  )

test('words and code are highlighted, drawn again after a reload, seen on another device, and listed', async () => {
  const [ada] = await server.current.people('ada')
  const id = await answered(ada)
  await rewrite(id, text)
  const page = await browser.open(server.current, ada, `/c/${id}`)
  await select(page, 'p', 'Low tide', 1)
  const popup = page.getByRole('group', { name: 'Highlight the selection' })
  await popup.waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(popup, 'Highlight in Green').click()
  await marked(page, 'green').toEqual(['Low tide'])
  // Across marks of Markdown, and by the keyboard.
  await lastAnswer(page).focus()
  await select(page, 'p', 'is deep enough for')
  await popup.waitFor()
  await page.keyboard.press('h')
  await marked(page, 'green').toEqual(['Low tide', 'is deep enough for'])
  await select(page, 'pre', 'depth: number')
  await button(popup, 'Highlight in Blue').click()
  await marked(page, 'blue').toEqual(['depth: number'])

  await page.reload()
  await marked(page, 'green').toEqual(expect.arrayContaining(['Low tide', 'is deep enough for']))
  const stored = await ada.get('highlights.listOfConversation', { id })
  expect(stored.map(({ kind, language, textQuote }) => [kind, language, textQuote.exact])).toEqual([
    ['text', null, 'Low tide'],
    ['text', null, 'is deep enough for'],
    ['code', 'ts', 'depth: number'],
  ])
  expect(stored[0]!.textQuote).toMatchObject({ prefix: expect.stringContaining('comes twice. '), suffix: expect.stringMatching(/^ goes/) })

  const phone = await browser.open(server.current, ada, '/highlights', { width: 390, colorScheme: 'dark' })
  const rows = phone.getByRole('list', { name: 'Passages you marked' }).getByRole('link')
  await expect.poll(() => rows.count()).toBe(3)
  expect(await accessibilityProblems(phone)).toEqual([])
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

  // A note and a pin, by the keyboard.
  await button(lastAnswer(page), '3 highlights').press('Enter')
  await button(lastAnswer(page), 'Edit the highlight “Low tide”').press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Highlight' })
  await dialog.getByRole('textbox', { name: /^Note/ }).fill('Ask the pilot')
  await dialog.getByRole('checkbox').check()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(dialog, 'Save').press('Enter')
  await rows.filter({ hasText: 'Ask the pilot' }).waitFor()
  await phone.getByRole('checkbox', { name: 'Pinned only' }).check()
  await expect.poll(() => rows.count()).toBe(1)
  expect(phone.url()).toContain('pinned=true')
  await phone.reload()
  await expect.poll(() => rows.count()).toBe(1)
  await phone.getByRole('checkbox', { name: 'Pinned only' }).uncheck()
  await phone.getByRole('combobox', { name: 'Kind' }).selectOption('code')
  await expect.poll(() => rows.count()).toBe(1)
  await rows.first().click()
  await phone.waitForURL(`**/c/${id}?highlight=*`)
  await marked(phone, 'blue').toEqual(['depth: number'])

  // A press on the words themselves.
  const words = await page.evaluate(() => {
    const range = [...(CSS.highlights.get('parley-green') as Iterable<Range>)].find((one) => String(one) === 'Low tide')!
    const { left, top, width, height } = range.getBoundingClientRect()
    return { x: left + width / 2, y: top + height / 2 }
  })
  await page.mouse.click(words.x, words.y)
  await button(dialog, 'Remove').click()
  await marked(page, 'green').toEqual(['is deep enough for'])
  await marked(phone, 'green').toEqual(['is deep enough for'])
})

test('what is marked in a long document is in sight, though the document is folded into a card', async () => {
  const [ada] = await server.current.people('ada')
  const id = await answered(ada)
  const page = await browser.open(server.current, ada, `/c/${id}`)
  const lines = Array.from({ length: 40 }, (_, index) => `<p>Line ${index}</p>`).join('\n')
  await rewrite(id, `Two pages:\n\n\`\`\`html\n${lines}\n<p>The deep end</p>\n\`\`\`\n\n\`\`\`html\n<h1>Other</h1>\n${lines}\n\`\`\``)
  await page.reload()
  const sources = lastAnswer(page).getByRole('button', { name: 'Source', exact: true })
  await sources.first().click()
  // Colours come a moment later, and take a selection with them.
  await lastAnswer(page).locator('pre [class^=tok-]').first().waitFor()
  await select(page, 'pre', 'deep end')
  await button(page.getByRole('group', { name: 'Highlight the selection' }), 'Highlight in Green').click()
  await marked(page, 'green').toEqual(['deep end'])
  await expect.poll(async () => (await ada.get('highlights.listOfConversation', { id })).length).toBe(1)

  await page.goto(`${server.current.url}/highlights`)
  await page.getByRole('list', { name: 'Passages you marked' }).getByRole('link').click()
  await marked(page, 'green').toEqual(['deep end'])
  await expect.poll(() => sources.evaluateAll((all) => all.map((one) => one.ariaExpanded))).toEqual(['true', 'false'])
  await sources.first().click()
  await marked(page, 'green').toEqual([])
})

test('in a home network without https a passage is highlighted all the same', async () => {
  const [ada] = await server.current.people('ada')
  const id = await answered(ada)
  await rewrite(id, text)
  const page = await browser.open(server.current, ada, `/c/${id}`)
  // What browsers keep back from addresses that are neither https nor localhost.
  await page.addInitScript(() => Reflect.deleteProperty(Crypto.prototype, 'randomUUID'))
  await page.reload()
  await lastAnswer(page).getByText('Low tide').first().waitFor()
  await select(page, 'p', 'Low tide', 1)
  await button(page, 'Highlight in Green').click()
  await marked(page, 'green').toEqual(['Low tide'])
})

test('a highlight follows text that shifted, says when it is gone, and leads to its place on another path', async () => {
  const [ada] = await server.current.people('ada')
  const id = await answered(ada)
  await rewrite(id, text)
  const page = await browser.open(server.current, ada, `/c/${id}`)
  await select(page, 'p', 'ships of every kind, and its walls were built before anybody')
  await button(page.getByRole('group', { name: 'Highlight the selection' }), 'Highlight in Pink').click()
  await marked(page, 'pink').toEqual(['ships of every kind, and its walls were built before anybody'])
  await expect.poll(async () => (await ada.get('highlights.listOfConversation', { id })).length).toBe(1)

  await rewrite(id, `# New words first\n\n${text.replace('every kind', '*each* kind').replace('walls were', 'wall was')}`)
  await page.reload()
  await marked(page, 'pink').toEqual([expect.stringMatching(/^ships of each kind, and its wall was built before anybody$/)])

  await rewrite(id, 'Nothing of what was here is left.')
  await page.reload()
  await lastAnswer(page).getByText('The text is gone').waitFor()
  await marked(page, 'pink').toEqual([])

  // Another version of the question is shown now; the highlight leads back to the first.
  await rewrite(id, text)
  await allEvents(await startTurn(ada, id, { text: 'asked otherwise', parentId: null }))
  await page.goto(`${server.current.url}/highlights`)
  await page.getByRole('list', { name: 'Passages you marked' }).getByRole('link').click()
  await marked(page, 'pink').toEqual(['ships of every kind, and its walls were built before anybody'])
  await expect.poll(() => page.locator('.message[data-role=user]').first().innerText()).toContain('hello')
})

test('a browser that cannot mark ranges shows boxes in their place', async () => {
  const [ada] = await server.current.people('ada')
  const id = await answered(ada)
  await rewrite(id, text)
  const messageId = (await messagesOf(ada, id))[1]!.id
  await ada.get('highlights.create', { id, messageId, textQuote: { exact: 'Low tide goes', prefix: '', suffix: '' } })
  const page = await browser.open(server.current, ada)
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Highlight'))
  await page.goto(`${server.current.url}/c/${id}`)
  const box = page.locator('.highlight-box')
  await box.first().waitFor()
  const [drawn, words] = [(await box.first().boundingBox())!, (await lastAnswer(page).getByText('Low tide comes').boundingBox())!]
  expect(drawn.y).toBeGreaterThanOrEqual(words.y - 1)
  expect(drawn.y + drawn.height).toBeLessThanOrEqual(words.y + words.height + 1)
  expect(drawn.x).toBeGreaterThan(words.x + 50)
  expect(await accessibilityProblems(page)).toEqual([])
})

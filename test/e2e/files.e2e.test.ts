import type { Locator, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { attach } from '../support/attach.ts'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { pdf, png, program } from '../support/sample-files.ts'
import { useTestApp } from '../support/test-app.ts'
import { allEvents, messagesOf, startTurn } from '../support/turn-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1', FILE_LIMIT: '1mb' } })
const browser = useBrowser()

const button = (scope: Page | Locator, name: string | RegExp): Locator => scope.getByRole('button', { name, exact: true })
const chip = (page: Page, name: string): Locator => page.locator('.file-chip', { hasText: name })
const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message' })
const lastAnswer = (page: Page): Locator => page.locator('.message[data-role=assistant]').last()
const choose = (page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.locator('.composer input[type=file]').setInputFiles(files)
const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('The harbour closes at nine.') }
const sky = { name: 'sky.png', mimeType: 'image/png', buffer: png(640, 400) }
const sea = { name: 'sea.png', mimeType: 'image/png', buffer: png(300, 500) }
const paper = { name: 'paper.pdf', mimeType: 'application/pdf', buffer: pdf(['The tide was low.']) }

/** As the clipboard or a drag gives files to a page. */
async function give(target: Locator, type: 'paste' | 'drop', name: string, bytes: Buffer, mime: string) {
  await target.evaluate(
    (element, { type, name, base64, mime }) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type: mime }))
      const event =
        type === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
      element.dispatchEvent(event)
    },
    { type, name, base64: bytes.toString('base64'), mime },
  )
}

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)('files begin a conversation, are kept in the draft, sent, and shown (%i px, %s)', async (width, colorScheme) => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, '/', { width, colorScheme })
  await choose(page, notes, sky, sea, paper)
  for (const { name } of [notes, sky, sea, paper]) await chip(page, name).and(page.locator('[data-state=ready]')).waitFor()
  // The built-in model sees nothing, which is said before anything is sent.
  await page.getByText(/takes no pictures/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  if (process.env['SHOTS']) await page.screenshot({ path: `/tmp/files-shots/draft-${width}.png` })

  await page.reload()
  for (const { name } of [notes, sky, sea, paper]) await chip(page, name).waitFor()
  await field(page).fill('What is in these files?')
  await button(page, 'Send').click()
  await lastAnswer(page).getByText('The harbour closes at nine.').waitFor()
  expect(await page.locator('.file-chip').count()).toBe(0)
  const question = page.locator('.message[data-role=user]')
  await question.getByText('PDF, 1 page').waitFor()
  if (process.env['SHOTS']) await page.screenshot({ path: `/tmp/files-shots/sent-${width}.png` })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  expect(await accessibilityProblems(page)).toEqual([])

  // Pictures open large; the arrows go on, Escape goes back to where one was.
  await button(question, 'Picture sky.png, show it large').press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('1 of 2').waitFor()
  await page.keyboard.press('ArrowRight')
  await dialog.getByRole('img', { name: 'sea.png' }).waitFor()
  if (process.env['SHOTS']) await page.screenshot({ path: `/tmp/files-shots/picture-${width}.png` })
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Picture sky.png, show it large')

  await button(question, /^notes\.txt/).click()
  await page.getByRole('dialog').locator('.file-text', { hasText: 'The harbour closes at nine.' }).waitFor()
  if (process.env['SHOTS']) await page.screenshot({ path: `/tmp/files-shots/text-${width}.png` })
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('Escape')
  expect(await question.getByRole('link', { name: /^paper\.pdf/ }).getAttribute('target')).toBe('_blank')
})

test('above the keys of a phone everything of a full message is in reach', async () => {
  const [ada] = await server.current.people('ada')
  for (const name of ['One', 'Two', 'Three'])
    await ada.get('prompts.create', { workspaceId: ada.workspaceId, name, content: `Say ${name}. ${'And more of it. '.repeat(9)}` })
  const page = await browser.open(server.current, ada, '/', { width: 390, height: 430 })
  await choose(page, notes, sky, sea, paper)
  await chip(page, paper.name).and(page.locator('[data-state=ready]')).waitFor()
  for (const name of ['One', 'Two', 'Three']) {
    await button(page, 'Put in a prompt').tap()
    await page.getByRole('option', { name }).tap()
    await page.getByRole('group', { name: `Prompt ${name}` }).waitFor()
  }
  const bar = (await page.locator('.screen-bar').boundingBox())!
  const box = (await page.locator('.composer-box').boundingBox())!
  expect(box.y).toBeGreaterThanOrEqual(bar.y + bar.height)
  expect(box.y + box.height).toBeLessThanOrEqual(430)
  await button(page, 'Remove notes.txt').tap()
  await chip(page, 'notes.txt').waitFor({ state: 'detached' })
  const title = (await page.getByRole('heading', { name: 'What would you like to work on?' }).boundingBox())!
  expect(title.y).toBeGreaterThanOrEqual(bar.y + bar.height)
})

test('a file that is pasted while the conversation still loads is not lost', async () => {
  const [ada] = await server.current.people('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Slow' })
  const page = await browser.open(server.current, ada)
  let letThrough = () => {}
  const held = new Promise<void>((resolve) => {
    letThrough = resolve
  })
  await page.route(`**/api/conversations/${id}`, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${server.current.url}/c/${id}`)
  await give(field(page), 'paste', 'early.png', png(20, 20), 'image/png')
  letThrough()
  await chip(page, 'early.png').and(page.locator('[data-state=ready]')).waitFor()
})

test('files are pasted and dropped, refused in words, removed, and hold the message back until they are there', async () => {
  const [ada] = await server.current.people('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Files' })
  const page = await browser.open(server.current, ada, `/c/${id}`)
  await give(field(page), 'paste', 'pasted.png', png(20, 20), 'image/png')
  await chip(page, 'pasted.png').and(page.locator('[data-state=ready]')).waitFor()
  await give(page.locator('body'), 'drop', 'dropped.txt', Buffer.from('dropped'), 'text/plain')
  await chip(page, 'dropped.txt').and(page.locator('[data-state=ready]')).waitFor()

  await choose(
    page,
    { name: 'fake.png', mimeType: 'image/png', buffer: program() },
    { ...notes, name: 'big.txt', buffer: Buffer.alloc(1024 * 1024 + 1, 'a') },
  )
  await chip(page, 'fake.png').getByText('It is not what its name says, so it was set aside.').waitFor()
  await chip(page, 'big.txt').getByText('This file is too large. At most 1 MB each.').waitFor()
  await field(page).fill('Here they are')
  expect(await button(page, 'Send').isDisabled()).toBe(true)
  await page.getByText('A file could not be used. Try it again or remove it.').waitFor()
  if (process.env['SHOTS']) await page.screenshot({ path: '/tmp/files-shots/refused.png' })
  expect(await accessibilityProblems(page)).toEqual([])
  await button(page, 'Remove fake.png').click()
  await button(page, 'Remove big.txt').press('Enter')
  await expect.poll(() => focusedName(page)).toBe('Your message')

  // An upload that is held up: Send waits for it.
  let letThrough = () => {}
  const held = new Promise<void>((resolve) => {
    letThrough = resolve
  })
  await page.route('**/bytes?*', async (route) => {
    await held
    await route.continue()
  })
  await choose(page, { ...notes, name: 'slow.txt' })
  await chip(page, 'slow.txt').waitFor()
  await field(page).press('Enter')
  await page.getByText('Is sent as soon as the files are there').waitFor()
  letThrough()
  await lastAnswer(page).getByText('3 files came with your message').waitFor()
  const [question] = await messagesOf(ada, id)
  expect(question!.parts.map((part) => (part.type === 'file' ? part.name : part.type))).toEqual([
    'pasted.png',
    'dropped.txt',
    'slow.txt',
    'text',
  ])
})

test('without a connection it is said at the file, and trying again helps', async () => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, '/')
  await field(page).waitFor()
  await page.route('**/bytes?*', (route) => route.abort())
  await choose(page, notes)
  await chip(page, 'notes.txt').getByText('There is no connection.').waitFor()
  await page.unroute('**/bytes?*')
  await button(page, 'Try notes.txt again').click()
  await chip(page, 'notes.txt').and(page.locator('[data-state=ready]')).waitFor()
})

test('an edit keeps the files and can leave one out; a deleted picture says that it is gone', async () => {
  const [ada] = await server.current.people('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Files' })
  const [text, picture] = [await attach(ada, 'notes.txt', 'Old notes.', id), await attach(ada, 'sky.png', png(200, 100), id)]
  await allEvents(await startTurn(ada, id, { text: 'Look at these', attachments: [text.id, picture.id] }))
  const page = await browser.open(server.current, ada, `/c/${id}`)
  const question = page.locator('.message[data-role=user]')
  await question.hover()
  await button(question, 'Edit').click()
  await button(question, 'Remove notes.txt').click()
  await question.getByRole('textbox').fill('Look at this one')
  await button(question, 'Send').click()
  await lastAnswer(page).getByText('One file came with your message').waitFor()
  const [edited] = await messagesOf(ada, id)
  expect(edited!.parts.map((part) => (part.type === 'file' ? part.name : part.type))).toEqual(['sky.png', 'text'])

  await ada.get('attachments.delete', { id: (edited!.parts[0] as { attachmentId: string }).attachmentId as never })
  await page.reload()
  await question.getByText('sky.png is gone').waitFor()
})

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)('a stranger sees the files of a shared conversation, without scripts (%i px, %s)', async (width, colorScheme) => {
  const [ada] = await server.current.people('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Harbours' })
  const files = [await attach(ada, 'sky.png', png(640, 400), id), await attach(ada, 'notes.txt', 'The harbour closes at nine.', id)]
  await allEvents(await startTurn(ada, id, { text: 'What is this?', attachments: files.map((file) => file.id) }))
  const { path } = await ada.get('shares.create', { id })
  const page = await browser.stranger(server.current, { width, colorScheme, javaScriptEnabled: false })
  await page.goto(server.current.url + path)
  const picture = page.getByRole('img', { name: 'sky.png' })
  await picture.waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(640)
  if (process.env['SHOTS']) await page.screenshot({ path: `/tmp/files-shots/share-${width}.png` })
  await page.getByRole('link', { name: 'notes.txt' }).click()
  await page.getByText('The harbour closes at nine.').waitFor()
})

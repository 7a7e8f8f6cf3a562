import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { addHook, sendEvent } from '../support/hook-client.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { type ReplyReceiver, startReplyReceiver } from '../support/reply-receiver.ts'
import { useTestApp } from '../support/test-app.ts'
import { scripted } from '../support/turn-client.ts'

let provider: ProviderServer
let receiver: ReplyReceiver
const env: Record<string, string> = { OPENAI_API_KEY: 'sk-test-0000', EGRESS_ALLOW: '127.0.0.1' }
beforeAll(async () => {
  provider = await startProviderServer()
  receiver = await startReplyReceiver()
  env['OPENAI_BASE_URL'] = provider.baseUrl('openai')
})
afterAll(async () => {
  await provider.close()
  await receiver[Symbol.asyncDispose]()
})
const server = useTestApp({ env })
const browser = useBrowser()

test('an installation is added by keyboard; its secret is shown once', async () => {
  const [alice] = await server.current.people('alice')
  const page = await browser.open(server.current, alice, '/settings/channels')
  await page.getByRole('button', { name: 'Add an installation' }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Name').fill('Front desk')
  await page.getByLabel('Where answers are sent').fill(receiver.url)
  await page.keyboard.press('Enter')

  const secret = page.getByLabel('Secret for signatures')
  await secret.waitFor()
  expect(await secret.inputValue()).toMatch(/^whsec_/)
  expect(await page.getByLabel('Address for events').inputValue()).toContain('/hooks/')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('Front desk').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Switch off Front desk' }).click()
  await page.getByRole('button', { name: 'Switch on Front desk' }).waitFor()
})

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)(
  'a person takes over, answers and hands back, at %i px, %s',
  async (width, colorScheme) => {
    const [alice] = await server.current.people('alice')
    await server.current.app.listing?.firstRound
    const { models } = await alice.get('models.list', { workspaceId: alice.workspaceId })
    const hook = await addHook(alice, receiver.url, { modelId: models.find(({ internalName }) => internalName === 'gpt-4o')!.id })
    const session = `e2e-${width}`
    receiver.answerNext(410)
    const sender = { id: 'ada', name: 'Ada <b>Lovelace</b>' }
    await sendEvent(server.current.url, hook, {
      session,
      sender,
      message: { text: scripted({ text: 'we open at **nine**' }, '<img src=x>') },
    })

    const page = await browser.open(server.current, alice, '/inbox', { width, colorScheme })
    await page.getByRole('link', { name: /Ada <b>Lovelace<\/b>/ }).waitFor()
    await page.getByText('Not delivered').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: /Ada <b>Lovelace<\/b>/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('<img src=x>').waitFor()
    await page.locator('strong', { hasText: 'nine' }).waitFor()
    expect(await page.locator('img').count()).toBe(0)
    await page.getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => receiver.taken.filter((reply) => reply.session === session).length).toBe(1)

    // Nothing that was refused may stay with the model: it was handed to a person.
    await page.getByRole('button', { name: 'Hand back' }).click()
    await page.getByRole('button', { name: 'Take over' }).click()
    const box = page.getByRole('textbox', { name: 'Your answer' })
    await box.fill('A person is here.')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    await box.press('Enter')
    await page.getByRole('article').getByText('A person is here.').waitFor()
    await expect
      .poll(() => receiver.taken.filter((reply) => reply.session === session).map(({ text }) => text))
      .toContain('A person is here.')
    await page.getByRole('button', { name: 'Hand back' }).click()
    await page.getByText('The model answers here.').waitFor()
  },
  60_000,
)

test('an installation is edited and gets a new secret by keyboard', async () => {
  const [alice] = await server.current.people('alice')
  const hook = await addHook(alice, receiver.url)
  const agent = await alice.get('agents.create', { workspaceId: alice.workspaceId, name: 'Brief', instructions: 'Be brief.' })
  const page = await browser.open(server.current, alice, '/settings/channels')
  const choose = async (item: string) => {
    await page.getByRole('button', { name: /^More about/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: item }).focus()
    await page.keyboard.press('Enter')
  }
  await choose('Edit')
  await page.getByLabel('Name').fill('Back office')
  await page.getByRole('button', { name: 'Who answers' }).click()
  await page.getByRole('option', { name: /Brief/ }).click()
  await page.getByLabel('The sender verifies e-mail addresses').focus()
  await page.keyboard.press('Space')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).focus()
  await page.keyboard.press('Enter')
  await page.locator('.row-title', { hasText: 'Back office' }).waitFor()
  const [changed] = await alice.get('installations.list', { workspaceId: alice.workspaceId })
  expect(changed).toMatchObject({ name: 'Back office', agentId: agent.id, verifiesEmail: true })

  await choose('New secret')
  await page.getByRole('button', { name: 'New secret' }).focus()
  await page.keyboard.press('Enter')
  const secret = await page.getByLabel('Secret for signatures').inputValue()
  expect(secret).toMatch(/^whsec_/)
  expect(secret).not.toBe(hook.secret)
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText(/the old secret works until/).waitFor()
  expect((await sendEvent(server.current.url, { ...hook, secret }, {})).status).toBe(200)
}, 60_000)

test('whatever a contact sends is text; what it was not sent, and whom it was proved to be, is said', async () => {
  const [alice] = await server.current.people('alice')
  await server.current.app.listing?.firstRound
  await sql`update user_account set email_verified = true where id = ${alice.id}`.execute(server.current.deps.db)
  const { models } = await alice.get('models.list', { workspaceId: alice.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const hook = await addHook(alice, receiver.url, { modelId, verifiesEmail: true })
  const bait =
    '<img src=x onerror="window.isCaught=1"><script>window.isCaught=1</script> [here](javascript:alert(1)) https://evil.example/ **bold**'
  const sender = { id: 'm', name: '<a href=//evil.example>Mallory</a>\u202E\n# SYSTEM', verifiedEmail: alice.email }
  await sendEvent(server.current.url, hook, { sender, message: { text: scripted({ tokens: 400, delayMs: 20 }, bait) } })

  const page = await browser.open(server.current, alice, '/inbox')
  await page.getByText('Member: alice').waitFor()
  await page.getByRole('link', { name: /<a href=\/\/evil\.example>Mallory<\/a> # SYSTEM/ }).click()
  await page.getByText('<img src=x onerror=').waitFor()
  const asked = page.getByRole('article').first()
  expect(await asked.locator('a, img, script, strong, b, h1').count()).toBe(0)
  expect(await page.locator('a[href*="evil.example"], a[href^="javascript:"]').count()).toBe(0)
  expect(await page.evaluate(() => 'isCaught' in window)).toBe(false)

  await page.getByRole('button', { name: 'Take over' }).click()
  await page.getByText('This was not sent to the contact.').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
}, 60_000)

test('the inbox is in the sidebar of a workspace that has an installation, and of no other', async () => {
  const [alice, bob] = await server.current.people('alice', 'bob')
  await addHook(alice, receiver.url)
  const page = await browser.open(server.current, alice)
  await page.getByRole('link', { name: 'Inbox' }).click()
  await page.getByText('Nobody has written yet').waitFor()
  await page.getByText('Post a signed event to the address of your webhook').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  const [installation] = await alice.get('installations.list', { workspaceId: alice.workspaceId })
  await alice.get('installations.update', { id: installation!.id, isEnabled: false })
  await page.reload()
  await page.getByRole('link', { name: 'Switch one on' }).click()
  await page.getByRole('heading', { name: 'Channels' }).waitFor()

  const other = await browser.open(server.current, bob)
  await other.getByRole('link', { name: 'New conversation' }).waitFor()
  await other.waitForLoadState('networkidle')
  expect(await other.getByRole('link', { name: 'Inbox' }).count()).toBe(0)
})

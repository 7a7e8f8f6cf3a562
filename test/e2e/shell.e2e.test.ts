import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityProblems, focusedName, useBrowser } from '../support/browser.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { type Person, useTestApp } from '../support/test-app.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const browser = useBrowser()

async function startConversations(person: Person, ...titles: string[]): Promise<void> {
  for (const title of titles) await person.get('conversations.create', { workspaceId: person.workspaceId, title })
}

const conversations = (page: Page): Locator => page.locator('.conversation-link')
const titles = (page: Page) => expect.poll(() => conversations(page).allTextContents(), { timeout: 10_000 })
const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name })

describe('entering', () => {
  test('the one-time link opens the first account; e-mail and password can be set later, and then lead back in', async () => {
    const token = await server.current.app.makeEntryToken()
    const page = await browser.stranger(server.current)
    await page.getByRole('heading', { name: 'Sign in to Parley' }).waitFor()
    await page.getByText('open that link to become its administrator').waitFor()

    await page.goto(`${server.current.url}/enter#${token}`)
    await page.getByText('You are in as the administrator.').waitFor()
    expect(page.url()).toBe(`${server.current.url}/`)

    await page.getByRole('link', { name: 'Set e-mail and password' }).click()
    await page.getByLabel('E-mail', { exact: true }).fill('first@example.org')
    await page.getByLabel('New password').fill('short')
    await button(page, 'Set e-mail and password').click()
    await page.getByText('at least 10 characters; this one has 5').waitFor()
    await page.getByLabel('New password').fill('a long and honest password')
    await button(page, 'Set e-mail and password').click()
    await page.getByText('All other sessions were ended').waitFor()

    await button(page, /settings and sign out/).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in')
    await page.getByLabel('E-mail').fill('first@example.org')
    await page.getByLabel('Password', { exact: true }).fill('not this one')
    await button(page, 'Sign in').click()
    await page.getByText('The e-mail or the password is not right.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill('a long and honest password')
    await button(page, 'Sign in').click()
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
    expect(await page.getByText('You are in as the administrator.').count()).toBe(0)
  })

  test('a spent link says so, and whoever is not signed in comes back to where they wanted to go', async () => {
    const [person] = await server.current.people('nadia')
    const page = await browser.stranger(server.current)
    await page.goto(`${server.current.url}/enter#a-token-that-was-never-made`)
    await page.getByRole('heading', { name: 'This one-time link does not work any more.' }).waitFor()

    await page.goto(`${server.current.url}/settings/sessions`)
    await page.waitForURL('**/sign-in?next=*')
    await page.getByLabel('E-mail').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/settings/sessions')
    await page.getByText('This one').waitFor()
  })

  test('an address of another site is nowhere to go after signing in', async () => {
    const [person] = await server.current.people('mira')
    const page = await browser.stranger(server.current)
    await page.goto(`${server.current.url}/sign-in?next=${encodeURIComponent('//example.org/')}`)
    await page.getByLabel('E-mail').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.keyboard.press('Enter')
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
    expect(page.url()).toBe(`${server.current.url}/`)
  })
})

describe('the list of conversations', () => {
  test('is worked by keyboard alone: move, rename, delete, undo; the focus is never lost', async () => {
    const [person] = await server.current.people('keya')
    await startConversations(person, 'Third', 'Second', 'First')
    const page = await browser.open(server.current, person)
    await titles(page).toEqual(['First', 'Second', 'Third'])

    await conversations(page).first().focus()
    await page.keyboard.press('ArrowDown')
    expect(await focusedName(page)).toBe('Second')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
    await expect.poll(() => focusedName(page)).toMatch(/^Rename/)
    await page.keyboard.press('Escape')
    await expect.poll(() => focusedName(page)).toBe('More about Second')

    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('F2')
    await page.keyboard.type('Renamed')
    await page.keyboard.press('Enter')
    await titles(page).toEqual(['First', 'Renamed', 'Third'])
    await expect.poll(() => focusedName(page)).toBe('Renamed')
    const { conversations: stored } = await person.get('conversations.list', { workspaceId: person.workspaceId })
    expect(stored.map(({ title }) => title)).toContain('Renamed')

    await page.keyboard.press('Delete')
    await titles(page).toEqual(['First', 'Third'])
    expect(await focusedName(page)).toBe('Third')
    await page.getByText('Deleted “Renamed”').waitFor()
    await page.keyboard.press('F6')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    expect(await focusedName(page)).toBe('Undo')
    await page.keyboard.press('Enter')
    await titles(page).toEqual(['First', 'Renamed', 'Third'])

    await conversations(page).nth(1).focus()
    for (const left of [['First', 'Third'], ['First'], []]) {
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: 'Delete' }).waitFor()
      await expect.poll(() => focusedName(page)).toMatch(/^Rename/)
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      await titles(page).toEqual(left)
      await expect.poll(() => focusedName(page)).toBe(left.at(-1) ?? 'Conversations')
    }
  })

  test('a change on one device is seen on the other', async () => {
    const [person] = await server.current.people('dua')
    await startConversations(person, 'Shared')
    const here = await browser.open(server.current, person)
    const there = await browser.open(server.current, person, '/', { width: 390 })
    await there.getByRole('button', { name: 'Open the sidebar' }).tap()
    await titles(here).toEqual(['Shared'])
    await titles(there).toEqual(['Shared'])

    await conversations(here).first().focus()
    await here.keyboard.press('F2')
    await here.keyboard.type('Seen everywhere')
    await here.keyboard.press('Enter')
    await titles(there).toEqual(['Seen everywhere'])
    await here.keyboard.press('Delete')
    await titles(there).toEqual([])
  })

  test('a title that the server refuses comes back, in words', async () => {
    const [person] = await server.current.people('rita')
    await startConversations(person, 'Kept')
    const page = await browser.open(server.current, person)
    await page.route('**/api/conversations/*', (route) => route.abort())
    await titles(page).toEqual(['Kept'])
    await conversations(page).first().focus()
    await page.keyboard.press('F2')
    await page.keyboard.type('Lost')
    await page.keyboard.press('Enter')
    await page.locator('.toast').getByText('The title was not changed.').waitFor()
    await titles(page).toEqual(['Kept'])

    await page.unroute('**/api/conversations/*')
    await page.locator('.toast-action').click()
    await titles(page).toEqual(['Lost'])
  })

  test('older ones load as the list is scrolled, and the search asks the server', async () => {
    const [person] = await server.current.people('mona')
    await startConversations(person, 'Needle', ...Array.from({ length: 60 }, (_, index) => `Straw ${index}`))
    const page = await browser.open(server.current, person)
    await conversations(page).nth(49).waitFor()
    await conversations(page).nth(49).scrollIntoViewIfNeeded()
    await conversations(page).nth(60).waitFor({ state: 'attached' })

    await page.getByLabel('Search titles').fill('needle')
    await titles(page).toEqual(['Needle'])
    await page.getByLabel('Search titles').fill('nothing like it')
    await page.getByText('No title contains “nothing like it”.').waitFor()
  })
})

test('what somebody wrote into their profile and did not save is not shown to who signs in after them', async () => {
  const [ada, bea] = await server.current.people('ada', 'bea')
  const page = await browser.open(server.current, ada, '/settings/profile')
  await page.getByLabel('First name').fill('Augusta')
  await page.reload()
  await expect.poll(() => page.getByLabel('First name').inputValue()).toBe('Augusta')
  const [name = '', ...value] = (bea.cookie ?? '').split('=')
  // An answer to the first person that is still on its way would bring their cookie back.
  await page.goto('about:blank')
  await page.context().addCookies([{ name, value: value.join('='), url: server.current.url }])
  // Not by a reload, after which browsers themselves fill in what stood there.
  await page.goto(server.current.url)
  await page.getByRole('button', { name: /^B?bea/ }).waitFor()
  await page.goto(`${server.current.url}/settings/profile`)
  await page.getByLabel('First name').waitFor()
  expect(await page.getByLabel('First name').inputValue()).not.toBe('Augusta')
})

test('the palette finds a conversation, opens it, and gives the focus back when it is closed', async () => {
  const [person] = await server.current.people('paul')
  await startConversations(person, 'Booking page copy', 'Retention policy')
  const page = await browser.open(server.current, person)
  await titles(page).toEqual(['Retention policy', 'Booking page copy'])

  await conversations(page).last().focus()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Commands and conversations' }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => focusedName(page)).toBe('Booking page copy')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('reten')
  await page.getByRole('option', { name: /Retention policy/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/c/*')
  await page.getByRole('heading', { name: 'Retention policy' }).waitFor()

  // Every screen of the sidebar is in it.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('highl')
  await page.getByRole('option', { name: 'Highlights' }).click()
  await page.waitForURL('**/highlights')
})

describe('settings', () => {
  let provider: ProviderServer | undefined
  beforeAll(async () => {
    provider = await startProviderServer()
  })
  afterAll(() => provider?.close())

  test('a connection is tested before it is kept, says in words what is wrong, and never shows its key again', async () => {
    if (!provider) throw new Error('The provider starts before the first test.')
    const [person] = await server.current.people('connie')
    const page = await browser.open(server.current, person, '/settings/connections')
    await button(page, 'Add a connection').click()
    await button(page, 'Test and add').click()
    await page.getByText('Paste the key.').waitFor()
    expect(await focusedName(page)).toBe('API key')

    await page.getByRole('radio', { name: /OpenAI-compatible/ }).check()
    await page.getByLabel('Address').fill('http://10.0.0.8/v1')
    await button(page, 'Test and add').click()
    await page.getByText('This address is in a private network').waitFor()

    await page.getByLabel('Address').fill(`${provider.url}/compatible/v1`)
    await page.getByLabel('API key').fill('sk-very-secret-1a2b')
    await page.getByLabel('Name').fill('Lab server')
    await button(page, 'Test and add').click()
    await page.getByText(/It works: \d+ models found/).waitFor()
    await button(page, 'Done').click()
    await page.getByText('key …1a2b').waitFor()
    expect(await page.content()).not.toContain('sk-very-secret')

    await page.getByRole('link', { name: 'Models' }).click()
    await page.getByRole('cell', { name: 'Lab server' }).first().waitFor()
    await button(page, 'More about Lab server').waitFor({ state: 'detached' })
  })

  test('an API key is shown once, works, and stops working when it is revoked', async () => {
    const [person] = await server.current.people('keith')
    const page = await browser.open(server.current, person, '/settings/api-keys')
    await button(page, 'New key').click()
    await page.getByLabel('Name').fill('Backup script')
    await button(page, 'Make the key').click()
    const secret = await page.getByLabel('The key', { exact: true }).inputValue()
    expect((await server.current.withKey(secret).call('people.me')).ok).toBe(true)
    await button(page, 'I have copied it').click()
    await page.reload()
    await page.getByRole('cell', { name: /^Backup script/ }).waitFor()
    expect(await page.content()).not.toContain(secret)

    await button(page, 'Revoke the key Backup script').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('No keys yet').waitFor()
    expect((await server.current.withKey(secret).call('people.me')).ok).toBe(false)
  })

  test('what was typed but not saved survives going away, and wrong input is told at its field', async () => {
    const [person] = await server.current.people('drew')
    const page = await browser.open(server.current, person, '/settings/workspace')
    await page.getByLabel('Temperature').fill('9')
    await page.getByRole('link', { name: 'Profile' }).click()
    await page.getByLabel('First name').waitFor()
    await page.reload()
    await page.getByRole('link', { name: 'Defaults and budget' }).click()
    await expect.poll(() => page.getByLabel('Temperature').inputValue()).toBe('9')

    const defaults = page.locator('form').first()
    await defaults.getByRole('button', { name: 'Save' }).click()
    await page.getByText('A number from 0 to 2.').waitFor()
    expect(await focusedName(page)).toBe('Temperature')
    await page.getByLabel('Temperature').fill('0.3')
    await defaults.getByRole('button', { name: 'Save' }).click()
    await defaults.getByText('Saved').waitFor()
    const settings = await person.get('workspaces.getSettings', { workspaceId: person.workspaceId })
    expect(settings).toMatchObject({ temperature: 0.3, topP: null })
  })

  test('a theme is there before the first paint, and follows the person to their other devices', async () => {
    const [person] = await server.current.people('theo')
    const here = await browser.open(server.current, person, '/settings/appearance')
    const there = await browser.open(server.current, person)
    const themeOf = (page: Page) => page.evaluate(() => document.documentElement.dataset.theme)
    await here.getByRole('radio', { name: /Dark/ }).check()
    await expect.poll(() => themeOf(there)).toBe('dark')
    await here.addInitScript(() => {
      new MutationObserver(() => document.body && sessionStorage.setItem('first', document.documentElement.dataset.theme ?? '')).observe(
        document,
        {
          childList: true,
          subtree: true,
        },
      )
    })
    await here.route('**/assets/*.js', (route) => route.abort())
    await here.reload()
    expect(await themeOf(here)).toBe('dark')
  })

  test('a person who may not does not see what only administrators do', async () => {
    const [person] = await server.current.people('una')
    const page = await browser.open(server.current, person, '/settings/profile')
    await page.getByRole('link', { name: 'Sessions' }).waitFor()
    expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0)
    const admin = await browser.open(server.current, await server.current.admin(), '/settings/people')
    await admin.getByRole('combobox', { name: 'Role of una' }).selectOption('Super User')
    await admin.getByText('una is now Super User').waitFor()
  })
})

describe('when something fails', () => {
  test('a lost connection is said, and said to be over by going away', async () => {
    const [person] = await server.current.people('lee')
    const page = await browser.open(server.current, person)
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
    await page.context().setOffline(true)
    await page.getByText('You are offline.').waitFor()
    await page.context().setOffline(false)
    await page.getByText('You are offline.').waitFor({ state: 'detached' })
  })

  test('a list that cannot be loaded offers another try', async () => {
    const [person] = await server.current.people('fay')
    await startConversations(person, 'There after all')
    const page = await browser.stranger(server.current)
    const [name = '', value = ''] = (person.cookie ?? '').split('=')
    await page.context().addCookies([{ name, value, url: server.current.url }])
    await page.route('**/api/workspaces/*/conversations*', (route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
    )
    await page.goto(server.current.url)
    await page.getByText('Parley cannot be reached.').waitFor()
    await page.unroute('**/api/workspaces/*/conversations*')
    await button(page, 'Try again').click()
    await titles(page).toEqual(['There after all'])
  })

  test('a session that was ended elsewhere leads to the sign-in page', async () => {
    const [person] = await server.current.people('sol')
    const page = await browser.open(server.current, person, '/settings/profile')
    await page.getByLabel('First name').fill('Sol')
    await person.get('people.signOut')
    await page.waitForURL('**/sign-in?next=*')
  })
})

test('the JavaScript to an interactive chat stays within its budget', async () => {
  const [person] = await server.current.people('sizwe')
  const page = await browser.open(server.current, person, '/icon.svg')
  // What loads in idle moments is not needed to write and send.
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 0
  })
  await page.goto(server.current.url)
  await page.getByRole('textbox', { name: /message/i }).waitFor()
  const sizes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .map((entry) => (entry as PerformanceResourceTiming).encodedBodySize),
  )
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(50_000)
  expect(total).toBeLessThan(220_000)
})

/** A 1440 px window at 200 % zoom, where nothing may be cut off. */
const halfWidth = 720

test.each([
  [1440, 'light'],
  [390, 'dark'],
  [halfWidth, 'light'],
] as const)(
  'every screen is accessible and fits at %i px, %s',
  async (width, colorScheme) => {
    const admin = await server.current.admin()
    await startConversations(admin, `A conversation for ${width}`)
    const page = await browser.open(server.current, admin, '/', { width, colorScheme })
    await page.getByRole('main').waitFor()
    const screens = [
      'profile',
      'appearance',
      'account',
      'sessions',
      'api-keys',
      'connections',
      'models',
      'workspace',
      'channels',
      'usage',
      'people',
    ]
    const problems: Record<string, string[]> = {}
    for (const path of ['/', '/search', '/conversations', ...screens.map((screen) => `/settings/${screen}`)]) {
      await page.goto(server.current.url + path)
      await page.getByRole('main').waitFor()
      await page.waitForLoadState('networkidle')
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      const found = [
        ...(width === halfWidth ? [] : await accessibilityProblems(page)),
        ...(overflow > 0 ? [`${overflow} px too wide`] : []),
      ]
      if (found.length > 0) problems[path] = found
    }
    expect(problems).toEqual({})
  },
  120_000,
)

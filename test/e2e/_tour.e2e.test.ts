import { beforeAll, afterAll, test } from 'vitest'
import { useBrowser } from '../support/browser.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'
import { allEvents, scripted, startTurn, messagesOf } from '../support/turn-client.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const browser = useBrowser()
let provider: ProviderServer
beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())

test('tour', async () => {
  const [person] = await server.current.people('Ada')
  const { workspaceId } = person
  await person.get('connections.create', {
    workspaceId,
    provider: 'openai-compatible',
    name: 'Local',
    apiKey: 'sk-local',
    baseUrl: provider.baseUrl('compatible'),
  })
  const { models } = await person.get('models.list', { workspaceId })
  const model = models.find((one) => one.provider === 'openai-compatible' && one.kind === 'chat')
  await person.get('people.updateSettings', { defaultModelId: model!.id })
  const titles = [
    'Tides and the moon',
    'A week in Lisbon',
    'Migration plan for the billing service',
    'Sourdough, second try',
    'What the Stoics meant',
    'Reading list for autumn',
    'Letters to the landlord',
  ]
  const ids: string[] = []
  for (const [i, title] of titles.entries()) {
    const { id } = await person.get('conversations.create', { workspaceId, title })
    ids.push(id)
    for (const q of ['Why are there two tides a day and not one?', 'And why do they come later each day?'])
      await allEvents(
        await startTurn(person, id, {
          text: scripted(
            {
              text: `## The short answer\n\nThe moon pulls the near side **more** than the centre, and the centre more than the far side.\n\n- near side: a bulge\n- far side: another\n\n| Place | High | Low |\n| --- | --- | --- |\n| Lisbon | 3.4 m | 0.6 m |\n| Porto | 3.2 m | 0.7 m |\n\n\`\`\`ts\nconst period = 12.42 // hours\n\`\`\`\n\nThat is why ${title} ${i}.`,
            },
            q,
          ),
        }),
      )
  }
  await person.get('conversations.update', { id: ids[0]!, isPinned: true, tags: ['science', 'sea'] })
  await person.get('conversations.update', { id: ids[1]!, tags: ['travel'] })
  await person.get('conversations.update', { id: ids[2]!, isArchived: true })
  await person.get('conversations.delete', { id: ids[3]! })
  const id = ids[0]!
  const [, answer] = await messagesOf(person, id)
  await person.get('conversations.rateMessage', { id, messageId: answer!.id, value: 'like', reason: 'clear' })
  await allEvents(await startTurn(person, id, { tryAgain: (await messagesOf(person, id))[2]!.id }))
  const share = (await person.get('shares.create', { id, messageId: answer!.id } as never).catch((e: unknown) => {
    console.log(String(e))
    return null
  })) as { url?: string } | null
  await new Promise((r) => setTimeout(r, 6000))
  for (const [name, options] of Object.entries({
    wide: { width: 1440, colorScheme: 'light' },
    narrow: { width: 390, colorScheme: 'dark' },
  } as const)) {
    const paths: Record<string, string> = {
      conversation: `/c/${id}`,
      conversations: '/conversations',
      archived: '/conversations?status=archived',
      trash: '/conversations?status=trash',
      search: '/search?query=moon',
      highlights: '/highlights',
      shared: share?.url ? new URL(share.url).pathname : '/',
    }
    const page = await browser.open(server.current, person, '/', options)
    for (const [key, path] of Object.entries(paths)) {
      await page.goto(server.current.url + path)
      await page.waitForTimeout(1200)
      await page.screenshot({ path: `/tmp/tour/${name}-${key}.png` })
    }
    await page.goto(`${server.current.url}/c/${id}`)
    await page.waitForTimeout(800)
    await page
      .getByRole('button', { name: 'Settings of this conversation' })
      .or(page.locator('header button').last())
      .first()
      .click()
      .catch(() => {})
    await page.waitForTimeout(800)
    await page.screenshot({ path: `/tmp/tour/${name}-settings.png` })
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.waitForTimeout(500)
    await page.keyboard.type('tid')
    await page.waitForTimeout(900)
    await page.screenshot({ path: `/tmp/tour/${name}-palette.png` })
  }
}, 120_000)

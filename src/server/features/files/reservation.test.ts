import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attach } from '../../../../test/support/attach.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { pdf, png } from '../../../../test/support/sample-files.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
beforeAll(() => shared.current.app.listing?.firstRound)

test('what files cost is reserved before the call, as they are and as text, for the first step and the next', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const { workspaceId } = ada
  const made = await ada.get('connections.create', {
    workspaceId,
    provider: 'openai',
    ownership: 'workspace',
    apiKey: 'sk-1',
    baseUrl: provider.baseUrl('openai'),
  })
  const { models } = await ada.get('models.list', { workspaceId })
  const model = models.find((one) => one.connectionId === made.id && one.internalName === 'gpt-4o')!
  expect(model.inputs).toEqual(['image', 'pdf'])
  await ada.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '1000000000000' })

  const reserved = async (...files: string[]): Promise<number[]> => {
    const { id } = await ada.get('conversations.create', { workspaceId, modelId: model.id })
    const script = { toolRounds: [[{ name: 'calculate', arguments: { expression: '1 + 1' } }]], text: 'done' }
    await allEvents(await startTurn(ada, id, { text: scripted(script, 'Hi'), attachments: files }))
    const { rows } = await sql<{ amount: bigint }>`
      select k.reserved_nano_usd as amount from task k join turn t on t.id = k.turn_id where t.conversation_id = ${id} order by k.step`.execute(
      app.deps.db,
    )
    return rows.map(({ amount }) => Number(amount))
  }
  const price = Number(model.price.inputPer1k) / 1000
  const [first, second] = (await reserved()) as [number, number]
  const more = async (...files: string[]) => {
    const [one, two] = (await reserved(...files)) as [number, number]
    return [(one - first) / price, (two - second) / price].map(Math.round)
  }
  // 765 tokens of a picture of 1024 by 1024.
  expect(await more((await attach(ada, 'a.png', png(1024, 1024))).id)).toEqual([765, 765])
  // Two pages of a thousand, and a few words.
  const [ofPdf, again] = (await more((await attach(ada, 'a.pdf', pdf(['One.', 'Two.']))).id)) as [number, number]
  expect(ofPdf).toBeGreaterThan(2000)
  expect(ofPdf).toBeLessThan(2030)
  expect(again).toBe(ofPdf)
  // Text is counted as text.
  const [ofText, ofTextAgain] = (await more((await attach(ada, 'a.txt', 'word '.repeat(4000))).id)) as [number, number]
  expect(ofText).toBeGreaterThan(4900)
  expect(Math.abs(ofTextAgain - ofText)).toBeLessThan(200)
})

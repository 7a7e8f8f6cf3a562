import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { createUsageAlerts } from './index.ts'

const shared = useTestApp({ database: 'postgres' })

test('those who look at once tell once, and whoever changes the amount meanwhile is told by it', async () => {
  const { deps } = shared.current
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  const { id } = await ada.get('conversations.create', { workspaceId, title: 'Harbours' })
  const spend = (nanoUsd: bigint) =>
    sql`insert into usage (id, workspace_id, principal_id, type, purpose, conversation_id, provider, model_id, model_name, connection_id, key_origin,
        input_tokens, output_tokens, reasoning_tokens, cache_read_tokens, cache_write_tokens, cost_nano_usd, price, is_estimated, latency_ms)
      values (${newId()}, ${workspaceId}, ${ada.id}, 'user', 'answer', ${id}, 'openai', ${newId()}, 'a model', ${newId()}, 'house',
        1, 1, 0, 0, 0, ${nanoUsd}, '{}', false, 1)`.execute(deps.db)
  const alerts = async () => {
    const { rows } = await sql<{ alert: string }>`select event ->> 'alertNanoUsd' as alert from user_event
      where stream_id = ${ada.id} and event ->> 'type' = 'usage-alert' order by seq`.execute(deps.db)
    return rows.map(({ alert }) => alert)
  }
  const userStreams = { announce: () => undefined } as never
  const lookAtOnce = async () => {
    const several = Array.from({ length: 8 }, () => createUsageAlerts({ ...deps, userStreams }))
    for (const one of several) one.check(id)
    await Promise.all(several.map((one) => one.close()))
  }

  await ada.get('conversations.update', { id, usageAlertNanoUsd: '100' })
  await spend(99n)
  await lookAtOnce()
  expect(await alerts()).toEqual([])
  await spend(1n)
  await lookAtOnce()
  expect(await alerts()).toEqual(['100'])

  await Promise.all([ada.get('conversations.update', { id, usageAlertNanoUsd: '90' }), lookAtOnce(), lookAtOnce()])
  expect(await alerts()).toEqual(['100', '90'])
})

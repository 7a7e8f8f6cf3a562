import { afterAll, beforeAll, expect, test } from 'vitest'
import { inspectZip, installZip, nodeTools, packageZip } from '../../../../test/support/package.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type TwoApps, useTwoApps } from '../../../../test/support/two-apps.ts'
import { allEvents, eventually, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer({ port: 0 })
const two = useTwoApps(() => ({ OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') }))
let { admin, elsewhere } = {} as TwoApps
beforeAll(() => void ({ admin, elsewhere } = two.current))
afterAll(() => provider.close())

const ready = (serverId: string, toolCount: number) =>
  eventually(
    () => admin.get('mcpServers.get', { id: serverId }),
    (server) => server.status === 'connected' && server.toolCount === toolCount,
  )

async function callElsewhere(agentId: string, name: string, args: object) {
  const { models } = await elsewhere.get('models.list', { workspaceId: admin.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const { id } = await elsewhere.get('conversations.create', { workspaceId: admin.workspaceId, modelId, agentId })
  await allEvents(await startTurn(elsewhere, id, { text: scripted({ toolRounds: [[{ name, arguments: args as never }]], text: 'done' }) }))
  return (await messagesOf(elsewhere, id))[1]!.parts[0]
}

test('of many who consent at once, in two processes, one installs', async () => {
  const seen = await inspectZip(admin, await packageZip({ tools: null }))
  const consent = { inspectionId: seen.id, sha256: seen.sha256 }
  const answers = await Promise.all([admin, elsewhere, admin, elsewhere].map((person) => person.call('agentPackages.install', consent)))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  for (const answer of answers.filter(({ ok }) => !ok)) expect(answer).toFailWith('package-inspection.not_found')

  const agent = await admin.get('agents.create', { workspaceId: admin.workspaceId, name: 'Busy' })
  const both = await Promise.all(['1.0.0', '1.1.0'].map(async (version) => inspectZip(admin, await packageZip({ tools: null, version }))))
  const race = await Promise.all(
    both.map(({ id, sha256 }, index) =>
      (index === 0 ? admin : elsewhere).call('agentPackages.install', { inspectionId: id, sha256, agentId: agent.id }),
    ),
  )
  expect(race.filter(({ ok }) => ok)).toHaveLength(1)
  expect(race.find(({ ok }) => !ok)).toFailWith('agent-package.installed_already')
})

test('updates at once follow each other, and nothing waits for the other for ever', async () => {
  const first = await installZip(admin, await packageZip({ id: 'org.example.updates', tools: null }))
  const seen = await Promise.all(
    ['1.1.0', '1.2.0', '1.3.0'].map(async (version) =>
      inspectZip(admin, await packageZip({ id: 'org.example.updates', tools: null, version, instructions: `Of ${version}.` }), {
        updates: first.id,
      }),
    ),
  )
  const answers = await Promise.all(
    seen.map(({ id, sha256 }, index) => (index % 2 ? elsewhere : admin).call('agentPackages.update', { inspectionId: id, sha256 })),
  )
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true])
  const versions = await admin.get('agentPackages.versions', { id: first.id })
  expect(versions.map(({ number }) => number)).toEqual([4, 3, 2, 1])
  expect((await admin.get('agents.get', { id: first.agentId })).current.instructions).toBe(versions[0]!.manifest.instructions)
})

test('another process runs what was installed in this one, hears of updates, and stops where the part is switched off', async () => {
  const { agentId, serverId, id } = await installZip(admin, await packageZip({ id: 'org.example.shared' }), { env: { GREETER: 'Ada' } })
  await ready(serverId!, 6)
  expect(await callElsewhere(agentId, 'tides__greet', { name: 'Ben' })).toMatchObject({ state: 'completed', result: 'Hello Ben, from Ada' })

  const fewer = nodeTools
    .split('\n')
    .filter((line) => !line.includes('name: read,'))
    .join('\n')
  const seen = await inspectZip(admin, await packageZip({ id: 'org.example.shared', version: '1.1.0', tools: fewer }), { updates: id })
  await admin.get('agentPackages.update', { inspectionId: seen.id, sha256: seen.sha256, env: { GREETER: 'Bea' } })
  await ready(serverId!, 5)
  expect(await callElsewhere(agentId, 'tides__greet', { name: 'Ben' })).toMatchObject({ result: 'Hello Ben, from Bea' })
  expect(await callElsewhere(agentId, 'tides__read', { path: '/etc/hostname' })).toMatchObject({ state: 'failed' })

  await admin.get('addons.switch', { id: 'package-tools', enabled: false })
  await eventually(
    () => callElsewhere(agentId, 'tides__greet', { name: 'Ben' }),
    (part) => (part as { state: string }).state === 'failed',
  )
  expect(await admin.get('mcpServers.test', { id: serverId! })).toMatchObject({ statusReason: expect.stringContaining('switched off') })
  await admin.get('addons.switch', { id: 'package-tools', enabled: true })
  expect(await admin.get('mcpServers.test', { id: serverId! })).toMatchObject({ status: 'connected' })
})

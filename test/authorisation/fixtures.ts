import { randomUUID } from 'node:crypto'
import type { EndpointName, Person } from '../support/test-app.ts'
import { asking, letIn } from '../support/app-client.ts'
import { attach, plan } from '../support/attach.ts'
import { png } from '../support/picture-server.ts'
import { inspectZip, installZip, packageZip, sourceOf } from '../support/package.ts'
import { scripted } from '../support/turn-client.ts'
import { addHook } from '../support/hook-client.ts'
import {
  addAgent,
  addAgentPackage,
  addAnsweredTurn,
  addAttachment,
  addConnection,
  addCustomTool,
  addContactConversation,
  addGuardrail,
  addHighlight,
  addImport,
  addMcpServer,
  addServerPrompt,
  addSignInServer,
  addMemory,
  addLongResult,
  addPage,
  addPrompt,
  addPromptVersion,
  addRunningCall,
  addSession,
  addQuestion,
  addToolPermission,
  addWaitingTurn,
  apiDescription,
  type World,
} from './world.ts'

/** A call that succeeds, made with ids that belong to who makes it. */
export interface FixtureCall {
  as: Person
  input: Record<string, unknown>
}

type Fixture = (world: World) => Promise<FixtureCall | FixtureCall[]>

const plain: Fixture = async ({ alice }) => ({ as: alice, input: {} })
const ofWorkspace =
  (rest: object = {}): Fixture =>
  async ({ alice }) => ({ as: alice, input: { workspaceId: alice.workspaceId, ...rest } })
const ofConversation: Fixture = async ({ alice, alicesConnection }) => ({
  as: alice,
  input: { id: (await addAnsweredTurn(alice, alicesConnection)).conversationId },
})
const ofConnection: Fixture = async ({ alice, providerUrl }) => ({ as: alice, input: { id: (await addConnection(alice, providerUrl)).id } })
const ofTurn: Fixture = async ({ alice, alicesConnection }) => ({
  as: alice,
  input: { id: (await addAnsweredTurn(alice, alicesConnection)).turnId },
})
const ofInstallation =
  (rest: (world: World) => object = () => ({})): Fixture =>
  async (world) => ({ as: world.alice, input: { id: (await addHook(world.alice, world.providerUrl)).installationId, ...rest(world) } })
const ofContact =
  (rest: object = {}): Fixture =>
  async (world) => ({ as: world.alice, input: { id: await addContactConversation(world, world.alice), ...rest } })
const ofMcpServer =
  (rest: object = {}): Fixture =>
  async ({ app, alice }) => ({ as: alice, input: { id: (await addMcpServer(app, alice))['mcp-server'][0], ...rest } })
/** For calls that end sessions. */
const asSomebodyNew =
  (input: (person: Person) => object = () => ({})): Fixture =>
  async ({ app }) => {
    const [somebody] = await app.people('somebody')
    return { as: somebody, input: { ...input(somebody) } }
  }
const asAdmin =
  (input: (world: World) => Promise<object> = async () => ({})): Fixture =>
  async (world) => ({ as: world.admin, input: { ...(await input(world)) } })

/** A workspace has one page, so that an older one goes first. */
async function alicesPage({ app, alice }: World) {
  await deletePageOf(alice)
  const made = await addPage(app, alice)
  return { pageId: made.page[0]!, linkId: made['page-link'][0]!, faqId: made['page-faq'][0]!, unansweredId: made.unanswered[0]! }
}
async function deletePageOf(person: Person) {
  const old = (await person.get('pages.list')).find(({ workspaceId }) => workspaceId === person.workspaceId)
  if (old) await person.get('pages.delete', { pageId: old.id })
}
const ofPage =
  (input: (ids: Awaited<ReturnType<typeof alicesPage>>, world: World) => object = () => ({})): Fixture =>
  async (world) => {
    const ids = await alicesPage(world)
    return { as: world.alice, input: { pageId: ids.pageId, ...input(ids, world) } }
  }

async function alicesShare({ alice, alicesConnection }: World) {
  const { conversationId: id } = await addAnsweredTurn(alice, alicesConnection)
  return alice.get('shares.create', { id })
}
const ofShare =
  (rest: object = {}): Fixture =>
  async (world) => ({ as: world.alice, input: { id: (await alicesShare(world)).id, ...rest } })

const ofHighlight =
  (rest: object = {}): Fixture =>
  async ({ alice, alicesConnection }) => ({
    as: alice,
    input: { id: await addHighlight(alice, await addAnsweredTurn(alice, alicesConnection)), ...rest },
  })

const ofAttachment: Fixture = async ({ alice }) => ({ as: alice, input: { id: await addAttachment(alice) } })

const ofMemory =
  (rest: object = {}): Fixture =>
  async ({ alice }) => ({ as: alice, input: { id: await addMemory(alice), ...rest } })
const ofPrompt =
  (rest: object = {}): Fixture =>
  async ({ alice }) => ({ as: alice, input: { id: await addPrompt(alice), ...rest } })

const ofAgent =
  (rest: (world: World) => object = () => ({})): Fixture =>
  async (world) => ({ as: world.alice, input: { id: await addAgent(world.alice), ...rest(world) } })
const plainPackage = () => packageZip({ tools: null })
const alreadyInstalled = async (admin: Person) => installZip(admin, await plainPackage())
const ofPromptVersion: Fixture = async ({ alice }) => ({ as: alice, input: { versionId: await addPromptVersion(alice) } })
const ofCustomTool =
  (rest: object = {}): Fixture =>
  async ({ alice, providerUrl }) => ({ as: alice, input: { id: await addCustomTool(alice, providerUrl), ...rest } })

const ofGuardrail =
  (rest: object = {}): Fixture =>
  async ({ alice }) => ({ as: alice, input: { id: await addGuardrail(alice), ...rest } })
const ofJudge = ({ alice, alicesConnection: { modelId } }: World, rest: object) => ({
  as: alice,
  input: { workspaceId: alice.workspaceId, configuration: { kind: 'judge' as const, modelId, question: 'Is it rude?' }, ...rest },
})

/** Stopped afterwards, since few may wait at a time. */
const ofImport =
  (rest: object = {}): Fixture =>
  async ({ alice }) => {
    for (const { id, finishedAt } of await alice.get('imports.list', { workspaceId: alice.workspaceId }))
      if (finishedAt === null) await alice.get('imports.stop', { id })
    return { as: alice, input: { id: await addImport(alice), ...rest } }
  }

/** One for every endpoint that needs an actor; together its calls fill every branded position of the endpoint. */
export const fixtures: Record<Exclude<EndpointName, AnyonesEndpoint>, Fixture> = {
  'people.signOut': asSomebodyNew(),
  'people.me': plain,
  'people.updateProfile': async ({ alice }) => ({ as: alice, input: { city: 'Bern' } }),
  'people.updateSettings': async ({ alice, alicesConnection }) => ({ as: alice, input: { defaultModelId: alicesConnection.modelId } }),
  'people.setCredentials': asSomebodyNew(({ email, password }) => ({ email, password, currentPassword: password })),
  'people.listSessions': plain,
  'people.revokeSession': async ({ app, alice }) => ({ as: alice, input: { id: (await addSession(app, alice)).id } }),
  'people.revokeOtherSessions': asSomebodyNew(),
  'people.listApiKeys': plain,
  'people.createApiKey': ofWorkspace({ name: 'a key' }),
  'people.revokeApiKey': async ({ alice }) => ({
    as: alice,
    input: { id: (await alice.get('people.createApiKey', { name: 'to be revoked' })).apiKey.id },
  }),
  'people.listUsers': asAdmin(),
  'addons.list': asAdmin(),
  'addons.runtimes': asAdmin(),
  'addons.switch': asAdmin(async () => ({ id: 'web-search', enabled: true })),
  'people.updateUser': asAdmin(async ({ app }) => {
    const [somebody] = await app.people('somebody')
    return { id: somebody.id, role: 'Super User' }
  }),
  'apps.request': async ({ app, alice }) => ({ as: alice, input: { query: (await asking(app)).query } }),
  'apps.decide': async ({ app, alice }) => ({
    as: alice,
    input: { query: (await asking(app)).query, grant: { workspaceId: alice.workspaceId, scopes: ['prompts:read'] } },
  }),
  'apps.list': plain,
  'apps.disconnect': async ({ app, alice }) => ({ as: alice, input: { id: (await letIn(app, alice)).id } }),
  'workspaces.list': plain,
  'workspaces.create': asAdmin(async () => ({ name: 'A team' })),
  'workspaces.rename': ofWorkspace({ name: 'Renamed' }),
  'workspaces.getSettings': ofWorkspace(),
  'workspaces.updateSettings': async ({ alice, alicesConnection }) => ({
    as: alice,
    input: { workspaceId: alice.workspaceId, defaultModelId: alicesConnection.modelId },
  }),
  'workspaces.getBudget': ofWorkspace(),
  'workspaces.setBudget': ofWorkspace({ limitNanoUsd: '1000000000000' }),
  'connections.list': ofWorkspace(),
  'connections.create': async ({ alice, providerUrl }) => ({
    as: alice,
    input: { workspaceId: alice.workspaceId, provider: 'openai-compatible', baseUrl: providerUrl },
  }),
  'connections.update': async (world) => {
    const { as, input } = (await ofConnection(world)) as FixtureCall
    return { as, input: { ...input, name: 'Renamed' } }
  },
  'connections.test': ofConnection,
  'connections.delete': ofConnection,
  'customTools.list': ofWorkspace(),
  'customTools.describe': ofWorkspace({ source: { text: apiDescription } }),
  'customTools.create': ofWorkspace({
    name: 'An API',
    configuration: {
      kind: 'http_api',
      source: { text: apiDescription },
      baseUrl: 'https://api.example.org',
      operations: { 'GET /models': 'allow' },
    },
  }),
  'customTools.update': ofCustomTool({ name: 'Renamed', permissions: { listModels: 'ask' } }),
  'customTools.test': ofCustomTool({ operation: 'listModels' }),
  'customTools.delete': ofCustomTool(),
  'guardrails.list': ofWorkspace(),
  'guardrails.create': async (world) => ofJudge(world, { name: 'A judge', places: ['input'], action: 'warn' }),
  'guardrails.get': ofGuardrail(),
  'guardrails.update': async (world) => {
    const { alice, alicesConnection } = world
    const id = await addGuardrail(alice, { kind: 'judge', modelId: alicesConnection.modelId, question: 'Is it rude?' })
    const configuration = { kind: 'judge' as const, modelId: alicesConnection.modelId, question: 'Is it very rude?' }
    return { as: alice, input: { id, name: 'Renamed', configuration } }
  },
  'guardrails.delete': ofGuardrail(),
  'guardrails.test': async (world) => ofJudge(world, { text: 'Good day.' }),
  'guardrails.verdicts': ofGuardrail(),
  'models.list': ofWorkspace(),
  'models.override': asAdmin(async ({ alicesConnection }) => ({ id: alicesConnection.modelId, name: 'Renamed' })),
  'conversations.list': ofWorkspace(),
  'conversations.create': async ({ alice, alicesConnection }) => {
    const { answerMessageId: spawnedByMessageId } = await addAnsweredTurn(alice, alicesConnection)
    return {
      as: alice,
      input: { workspaceId: alice.workspaceId, modelId: alicesConnection.modelId, agentId: await addAgent(alice), spawnedByMessageId },
    }
  },
  'conversations.get': ofConversation,
  'conversations.update': async (world) => {
    const { as, input } = (await ofConversation(world)) as FixtureCall
    const { id: connectionId, modelId } = world.alicesConnection
    return { as, input: { ...input, connectionId, modelId, agentId: await addAgent(world.alice) } }
  },
  'conversations.getSettings': ofConversation,
  'conversations.updateSettings': async (world) => {
    const { as, input } = (await ofConversation(world)) as FixtureCall
    return { as, input: { ...input, temperature: 0.5 } }
  },
  'conversations.delete': ofConversation,
  'conversations.restore': async (world) => {
    const call = (await ofConversation(world)) as FixtureCall
    await call.as.get('conversations.delete', call.input as { id: string })
    return call
  },
  'conversations.updateMany': async (world) => {
    const { as, input } = (await ofConversation(world)) as FixtureCall
    return { as, input: { workspaceId: as.workspaceId, ids: [input['id']], isPinned: true, addTags: ['kept'] } }
  },
  'conversations.deleteMany': async (world) => {
    const { as, input } = (await ofConversation(world)) as FixtureCall
    return { as, input: { workspaceId: as.workspaceId, ids: [input['id']] } }
  },
  'conversations.listTrash': ofWorkspace(),
  'conversations.emptyTrash': ofWorkspace(),
  'conversations.listTags': ofWorkspace(),
  'conversations.children': ofConversation,
  'conversations.messages': async ({ alice, alicesConnection }) => {
    const { conversationId, userMessageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id: conversationId, around: userMessageId } }
  },
  'conversations.siblings': async ({ alice, alicesConnection }) => {
    const { conversationId, answerMessageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id: conversationId, messageId: answerMessageId } }
  },
  'conversations.fork': async ({ alice, alicesConnection }) => {
    const { conversationId, answerMessageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id: conversationId, messageId: answerMessageId } }
  },
  'conversations.deleteBranch': async ({ alice, alicesConnection }) => {
    const { conversationId, answerMessageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id: conversationId, messageId: answerMessageId } }
  },
  'conversations.restoreBranch': async ({ alice, alicesConnection }) => {
    const { conversationId: id, answerMessageId: messageId } = await addAnsweredTurn(alice, alicesConnection)
    await alice.get('conversations.deleteBranch', { id, messageId })
    return { as: alice, input: { id, messageId } }
  },
  'conversations.switchBranch': async ({ alice, alicesConnection }) => {
    const { conversationId, userMessageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id: conversationId, messageId: userMessageId } }
  },
  'search.messages': async ({ alice, alicesConnection }) => ({
    as: alice,
    input: { workspaceId: alice.workspaceId, query: 'the', modelId: alicesConnection.modelId, agentId: await addAgent(alice) },
  }),
  'conversations.rateMessage': async ({ alice, alicesConnection }) => {
    const { conversationId, answerMessageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id: conversationId, messageId: answerMessageId, value: 'like' } }
  },
  'turns.start': async ({ alice, alicesConnection }) => {
    const { conversationId: id, userMessageId, answerMessageId } = await addAnsweredTurn(alice, alicesConnection)
    const choice = { modelId: alicesConnection.modelId, connectionId: alicesConnection.id }
    return [
      { as: alice, input: { id, parentId: answerMessageId, text: scripted({ text: 'the next answer' }), ...choice } },
      { as: alice, input: { id, tryAgain: userMessageId, ...choice } },
      { as: alice, input: { id, continueFrom: answerMessageId, ...choice } },
      { as: alice, input: { id, parentId: answerMessageId, attachments: [await addAttachment(alice)], ...choice } },
    ]
  },
  'turns.get': ofTurn,
  'turns.events': ofTurn,
  'turns.stop': async ({ alice, alicesConnection }) => ({
    as: alice,
    input: { id: (await addWaitingTurn(alice, alicesConnection)).turnId },
  }),
  'turns.decide': async ({ alice, alicesConnection }) => {
    const { turnId, callId } = await addWaitingTurn(alice, alicesConnection)
    return { as: alice, input: { id: turnId, callId, decision: 'allow' } }
  },
  'turns.cancelCall': async ({ alice, alicesConnection }) => {
    const { turnId, callId } = await addRunningCall(alice, alicesConnection)
    return { as: alice, input: { id: turnId, callId } }
  },
  'turns.readResult': async ({ alice, alicesConnection }) => {
    const { turnId, resultId } = await addLongResult(alice, alicesConnection)
    return { as: alice, input: { id: turnId, resultId } }
  },
  'toolPermissions.list': ofConversation,
  'toolPermissions.revoke': async ({ alice, alicesConnection }) => ({
    as: alice,
    input: { id: await addToolPermission(alice, alicesConnection) },
  }),
  'toolQuestions.answer': async ({ alice, alicesConnection }) => ({
    as: alice,
    input: { id: await addQuestion(alice, alicesConnection), action: 'decline' },
  }),
  'usage.list': ofWorkspace(),
  'events.mine': plain,
  'installations.list': ofWorkspace(),
  'installations.create': async ({ alice, providerUrl }) => ({
    as: alice,
    input: {
      workspaceId: alice.workspaceId,
      name: 'A hook',
      settings: { platform: 'webhook', replyUrl: providerUrl },
      agentId: await addAgent(alice),
    },
  }),
  'installations.update': async (world) => {
    const { as, input } = (await ofInstallation()(world)) as FixtureCall
    return { as, input: { ...input, agentId: await addAgent(world.alice) } }
  },
  'installations.rotateSecret': ofInstallation(),
  'installations.delete': ofInstallation(),
  'inbox.list': ofWorkspace(),
  'inbox.get': ofContact(),
  'inbox.takeOver': ofContact(),
  'inbox.handBack': ofContact(),
  'inbox.answer': ofContact({ text: 'an answer by a person', key: randomUUID() }),
  'inbox.retry': ofContact(),
  'pages.list': plain,
  'pages.create': async (world) => {
    await deletePageOf(world.alice)
    return ofWorkspace({ slug: 'a-page-of-alice', displayName: 'Alice' })(world)
  },
  'pages.get': ofPage(),
  'pages.update': ofPage(() => ({ slug: 'another-address', isPublished: true })),
  'pages.delete': ofPage(),
  'pages.preview': ofPage(() => ({ displayName: 'Tried out' })),
  'pageLinks.list': ofPage(),
  'pageLinks.create': ofPage(() => ({ title: 'Another', url: 'https://example.org/' })),
  'pageLinks.update': ofPage(({ linkId }) => ({ linkId, title: 'Renamed' })),
  'pageLinks.delete': ofPage(({ linkId }) => ({ linkId })),
  'pageLinks.reorder': ofPage(({ linkId }) => ({ linkIds: [linkId] })),
  'pageFaq.list': ofPage(),
  'pageFaq.create': ofPage(() => ({ question: 'How?', answer: 'So.' })),
  'pageFaq.update': ofPage(({ faqId }) => ({ faqId, answer: 'Otherwise.' })),
  'pageFaq.delete': ofPage(({ faqId }) => ({ faqId })),
  'pageFaq.reorder': ofPage(({ faqId }) => ({ faqIds: [faqId] })),
  'bots.get': ofPage(),
  'bots.update': async (world) => {
    const { as, input } = (await ofPage()(world)) as FixtureCall
    return { as, input: { ...input, agentId: await addAgent(world.alice), isEnabled: true } }
  },
  'bots.listUnanswered': ofPage(),
  'bots.dismissUnanswered': ofPage(({ unansweredId }) => ({ unansweredId })),
  'highlights.list': ofWorkspace(),
  'highlights.listOfConversation': ofConversation,
  'highlights.create': async ({ alice, alicesConnection }) => {
    const { conversationId: id, answerMessageId: messageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id, messageId, textQuote: { exact: 'answer', prefix: 'an ', suffix: '' } } }
  },
  'highlights.update': ofHighlight({ note: 'Why?' }),
  'highlights.delete': ofHighlight(),
  'pictures.fetch': async ({ alice, alicesConnection, providerUrl }) => {
    const url = new URL('/picture.png', providerUrl).href
    const { conversationId: id, answerMessageId: messageId } = await addAnsweredTurn(alice, alicesConnection, `![x](${url})`)
    return { as: alice, input: { id, messageId, url } }
  },
  'agents.list': ofWorkspace(),
  'agents.create': async ({ alice, alicesConnection: { id: connectionId, modelId } }) => ({
    as: alice,
    input: {
      workspaceId: alice.workspaceId,
      name: 'Made',
      modelId,
      connectionId,
      prompt: { id: await addPrompt(alice), number: 1 },
      guardrails: [await addGuardrail(alice)],
      values: { it: 'tides' },
    },
  }),
  'agents.listTools': ofWorkspace(),
  'agents.get': ofAgent(),
  'agents.update': async ({ alice, alicesConnection: { id: connectionId, modelId } }) => ({
    as: alice,
    input: {
      id: await addAgent(alice),
      modelId,
      connectionId,
      prompt: { id: await addPrompt(alice), number: 1 },
      guardrails: [await addGuardrail(alice)],
      values: { it: 'tides' },
    },
  }),
  'agents.versions': ofAgent(),
  'agents.restoreVersion': ofAgent(() => ({ number: 1 })),
  'agents.duplicate': ofAgent(({ alice }) => ({ workspaceId: alice.workspaceId })),
  'agents.setPicture': ofAgent(() => ({ base64: png(8, 8).toString('base64') })),
  'agents.removePicture': ofAgent(),
  'agents.picture': async ({ alice }) => {
    const id = await addAgent(alice)
    await alice.get('agents.setPicture', { id, base64: png(8, 8).toString('base64') })
    return { as: alice, input: { id } }
  },
  'agents.delete': ofAgent(),
  'agents.restore': ofAgent(),
  'agents.usage': ofAgent(),
  'agentRoles.list': ofAgent(),
  'agentRoles.grant': ofAgent(({ member }) => ({ email: member.email, role: 'agent user' })),
  'agentRoles.revoke': async ({ alice, member }) => {
    const id = await addAgent(alice)
    await alice.get('agentRoles.grant', { id, email: member.email, role: 'agent user' })
    return { as: alice, input: { id, userId: member.id } }
  },
  'agentPackages.inspect': async ({ admin }) => {
    const { id, workspaceId } = await alreadyInstalled(admin)
    return { as: admin, input: { workspaceId, source: sourceOf(await plainPackage()), updates: id } }
  },
  'agentPackages.install': async ({ admin }) => {
    const { id: inspectionId, sha256 } = await inspectZip(admin, await plainPackage())
    return { as: admin, input: { inspectionId, sha256, agentId: await addAgent(admin) } }
  },
  'agentPackages.update': async ({ admin }) => {
    const { id: updates } = await alreadyInstalled(admin)
    const { id: inspectionId, sha256 } = await inspectZip(admin, await plainPackage(), { updates })
    return { as: admin, input: { inspectionId, sha256 } }
  },
  'agentPackages.rollBack': async ({ admin }) => ({ as: admin, input: { id: (await alreadyInstalled(admin)).id, number: 1 } }),
  'agentPackages.gallery': asAdmin(),
  'agentPackages.list': async ({ alice }) => ({ as: alice, input: { agentId: await addAgent(alice) } }),
  'agentPackages.events': async ({ alice }) => ({ as: alice, input: { agentId: await addAgent(alice) } }),
  'agentPackages.versions': async ({ app, alice }) => ({ as: alice, input: { id: await addAgentPackage(app, alice) } }),
  'agentPackages.delete': async ({ app, alice }) => ({ as: alice, input: { id: await addAgentPackage(app, alice) } }),
  'mcpServers.list': ofWorkspace(),
  'mcpServers.create': ofWorkspace({ name: 'Tools', transport: 'http', url: 'https://tools.example/mcp' }),
  'mcpServers.createFromJson': ofWorkspace({ json: '{"mcpServers":{"tools":{"url":"https://tools.example/mcp"}}}' }),
  'mcpServers.get': ofMcpServer(),
  'mcpServers.update': ofMcpServer({ name: 'Other tools' }),
  'mcpServers.delete': ofMcpServer(),
  'mcpServers.test': ofMcpServer(),
  'mcpServers.listTools': ofMcpServer(),
  'mcpServers.setPermissions': async ({ app, alice }) => {
    const made = await addMcpServer(app, alice)
    return { as: alice, input: { id: made['mcp-server'][0], toolIds: made['mcp-tool'], permission: 'allow' } }
  },
  'mcpServers.listEvents': ofMcpServer(),
  'mcpServers.listPrompts': ofWorkspace(),
  'mcpServers.usePrompt': async (world) => ({ as: world.alice, input: { id: await addServerPrompt(world) } }),
  'mcpServers.setCredential': ofMcpServer({ headers: { authorization: 'Bearer x' } }),
  'mcpServers.deleteCredential': ofMcpServer(),
  'mcpServers.authorize': async (world) => ({ as: world.alice, input: { id: await addSignInServer(world) } }),
  'mcpServers.finishAuthorization': async (world) => {
    const { url } = await world.alice.get('mcpServers.authorize', { id: await addSignInServer(world) })
    return { as: world.alice, input: await world.signInServer.signIn(url) }
  },
  'memories.list': ofWorkspace(),
  'memories.create': ofWorkspace({ text: 'Likes tea.' }),
  'memories.update': ofMemory({ text: 'Likes coffee.' }),
  'memories.delete': ofMemory(),
  'memories.clear': ofWorkspace(),
  'memories.switch': ofWorkspace({ isOn: true }),
  'prompts.list': ofWorkspace(),
  'prompts.create': ofWorkspace({ name: 'A prompt', content: 'Explain {{it}}.' }),
  'prompts.get': ofPrompt(),
  'prompts.update': ofPrompt({ content: 'Explain {{it}} again.' }),
  'prompts.use': ofPrompt({ version: 1 }),
  'prompts.delete': ofPrompt(),
  'prompts.listVersions': ofPrompt(),
  'prompts.getVersion': ofPromptVersion,
  'prompts.restoreVersion': ofPromptVersion,
  'prompts.readValues': ofWorkspace(),
  'prompts.export': ofWorkspace(),
  'prompts.import': ofWorkspace({ fileName: 'prompt.md', text: '---\nname: A prompt\n---\nText' }),
  'prompts.restore': async (world) => {
    const call = (await ofPrompt()(world)) as FixtureCall
    await call.as.get('prompts.delete', call.input as { id: string })
    return call
  },
  'shares.list': ofWorkspace(),
  'shares.listOfConversation': ofConversation,
  'shares.create': async ({ alice, alicesConnection }) => {
    const { conversationId: id, userMessageId: messageId } = await addAnsweredTurn(alice, alicesConnection)
    return { as: alice, input: { id, messageId } }
  },
  'shares.update': ofShare({ isLive: true }),
  'shares.revoke': ofShare(),
  'shares.fork': async (world) => ({
    as: world.alice,
    input: { workspaceId: world.alice.workspaceId, token: (await alicesShare(world)).path.split('/').at(-1) },
  }),
  'attachments.plan': async ({ alice, alicesConnection }) => ({
    as: alice,
    input: {
      workspaceId: alice.workspaceId,
      conversationId: (await addAnsweredTurn(alice, alicesConnection)).conversationId,
      name: 'notes.txt',
      sizeBytes: 5,
    },
  }),
  // Nothing is sent, which the file then says.
  'attachments.upload': async ({ alice }) => {
    const { upload, attachment } = await plan(alice, 'notes.txt', 5)
    const query = new URL(upload.path, 'http://parley').searchParams
    return { as: alice, input: { id: attachment.id, expires: Number(query.get('expires')), signature: query.get('signature') } }
  },
  'attachments.get': ofAttachment,
  'attachments.list': async ({ alice, alicesConnection }) => ({
    as: alice,
    input: { workspaceId: alice.workspaceId, conversationId: (await addAnsweredTurn(alice, alicesConnection)).conversationId },
  }),
  'attachments.delete': ofAttachment,
  'attachments.content': ofAttachment,
  'attachments.text': ofAttachment,
  'attachments.restore': async ({ alice, alicesConnection }) => {
    const { conversationId } = await addAnsweredTurn(alice, alicesConnection)
    const { id } = await attach(alice, 'notes.txt', 'words', conversationId)
    await alice.get('turns.start', { id: conversationId, text: 'read this', attachments: [id] })
    return { as: alice, input: { id } }
  },
  'exports.conversation': ofConversation,
  'exports.size': ofWorkspace(),
  'exports.all': ofWorkspace(),
  'imports.list': ofWorkspace(),
  'imports.create': ofWorkspace({ fileName: 'conversations.json', sizeBytes: 100 }),
  'imports.upload': ofImport({ offset: 0 }),
  'imports.get': ofImport(),
  'imports.items': ofImport(),
  'imports.stop': ofImport(),
  'imports.delete': async (world) => {
    const { as, input } = (await ofImport()(world)) as FixtureCall
    await as.get('imports.stop', { id: input['id'] as string })
    return { as, input }
  },
  'pageRoles.list': ofPage(),
  'pageRoles.grant': ofPage((_, { member }) => ({ email: member.email, role: 'page viewer' })),
  'pageRoles.revoke': async (world) => {
    const { pageId } = await alicesPage(world)
    const [helper] = await world.app.people('helper')
    await world.alice.get('pageRoles.grant', { pageId, email: helper.email, role: 'page viewer' })
    return { as: world.alice, input: { pageId, userId: helper.id } }
  },
}

/** What is served before anybody is known. Nothing in them may name a resource. */
export const anyonesEndpoints = ['system.about', 'people.signUp', 'people.signIn', 'people.enter'] as const
type AnyonesEndpoint = (typeof anyonesEndpoints)[number]

import { randomBytes } from 'node:crypto'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { z } from 'zod'
import { noteUnanswered } from '../../src/server/features/pages/index.ts'
import type { Tool } from '../../src/server/features/tools/index.ts'
import { newId } from '../../src/server/platform/ids.ts'
import type { ProviderServer } from '../support/provider-server/index.ts'
import { type HttpMcpServer, startHttpMcpServer } from '../support/mcp-server/index.ts'
import { type SignInServer, startSignInServer } from '../support/mcp-server/sign-in-server.ts'
import { letIn } from '../support/app-client.ts'
import { attach } from '../support/attach.ts'
import { addHook, sendEvent } from '../support/hook-client.ts'
import type { Person, TestApp } from '../support/test-app.ts'
import { eventually, scripted } from '../support/turn-client.ts'
import { admit, VisitClient } from '../support/visit-client.ts'

/** Who and what the calls of the authorisation tests meet. Everything of `bob` is foreign to `alice`, who is an ordinary user. */
export interface World {
  app: TestApp
  admin: Person
  alice: Person
  bob: Person
  /** A member of alice's workspace in the role User, who runs nothing there. */
  member: Person
  /** The address of a provider for connections of the kind `openai-compatible`. */
  providerUrl: string
  alicesConnection: { id: string; modelId: string }
  /** Where people sign in to a tool server. */
  signInServer: SignInServer
  mcpServer: HttpMcpServer
  /** By brand. Several, where a resource can be in several states that an operation asks for. */
  foreign: Record<string, string[]>
}

/** A turn that calls it waits for a person. */
export const askFirst: Tool = {
  name: 'ask_first',
  description: 'Needs a permission.',
  input: z.object({}),
  isRepeatable: true,
  permission: 'ask',
  timeoutMs: 5_000,
  run: async () => 'it ran',
}

/** A call of it runs until it is ended. */
export const runOn: Tool = { ...askFirst, name: 'run_on', permission: 'allow', timeoutMs: 60_000, run: () => new Promise(() => {}) }

/** Answers with more than a model gets at once. */
export const askMore: Tool = {
  ...askFirst,
  name: 'ask_more',
  permission: 'allow',
  run: async (_input, { questions }) => {
    const body = { kind: 'form' as const, source: 'test', message: 'What more?', fields: [] }
    return (await questions!.ask({ key: 'more', body, limitMs: 600_000 })).action
  },
}
export const answerLong: Tool = { ...askFirst, name: 'answer_long', permission: 'allow', run: async () => 'long '.repeat(10_000) }

export async function makeWorld(app: TestApp, provider: ProviderServer): Promise<World> {
  const admin = await app.admin()
  const [alice, bob, member] = await app.people('alice', 'bob', 'member')
  await app.addMember(alice.workspaceId, member, 'User')
  const providerUrl = provider.baseUrl('compatible')
  const alicesConnection = await addConnection(alice, providerUrl)
  const bobsConnection = await addConnection(bob, providerUrl)

  const answered = await addAnsweredTurn(bob, bobsConnection)
  const waiting = await addWaitingTurn(bob, bobsConnection)
  const deleted = await addAnsweredTurn(bob, bobsConnection)
  await bob.get('conversations.delete', { id: deleted.conversationId })
  const shared = await addWorkspaceConnection(bob, providerUrl)
  const bobsShare = await bob.get('shares.create', { id: answered.conversationId })
  const bobsHook = await addHook(bob, providerUrl)
  const bobsContact = await addContactConversation({ app, providerUrl }, bob)
  const bobsPage = await addPage(app, bob)
  const bobsVisit = await addVisit(app, bob, bobsPage.page[0]!)
  return {
    app,
    admin,
    alice,
    bob,
    member,
    providerUrl,
    alicesConnection,
    signInServer: await startSignInServer(),
    mcpServer: await startHttpMcpServer(),
    foreign: {
      workspace: [bob.workspaceId],
      session: [(await bob.get('people.listSessions'))[0]!.id],
      app: [(await letIn(app, bob)).id],
      'api-key': [(await bob.get('people.createApiKey', { name: 'of bob' })).apiKey.id],
      connection: [bobsConnection.id, shared],
      model: [bobsConnection.modelId],
      conversation: [answered.conversationId, deleted.conversationId, bobsContact, bobsVisit.conversationId],
      installation: [bobsHook.installationId],
      message: [answered.userMessageId, answered.answerMessageId, bobsVisit.messageId],
      turn: [answered.turnId, waiting.turnId],
      user: [bob.id],
      share: [bobsShare.id],
      highlight: [await addHighlight(bob, answered)],
      attachment: [await addAttachment(bob), await addAttachment(bob, answered.conversationId)],
      prompt: [await addPrompt(bob)],
      'tool-question': [await addQuestion(bob, bobsConnection)],
      'tool-permission': [await addToolPermission(bob, bobsConnection)],
      agent: [await addAgent(bob)],
      'prompt-version': [await addPromptVersion(bob)],
      'agent-package': [await addAgentPackage(app, bob)],
      'package-inspection': [await addInspection(app, bob)],
      memory: [await addMemory(bob)],
      import: [await addImport(bob)],
      'custom-tool': [await addCustomTool(bob, providerUrl)],
      guardrail: [await addGuardrail(bob)],
      ...bobsPage,
      ...(await addMcpServer(app, bob)),
    },
  }
}

export async function addAgent(person: Person): Promise<string> {
  const { workspaceId } = person
  return (await person.get('agents.create', { workspaceId, name: 'An agent', instructions: 'You know tides.', tools: ['calculate'] })).id
}

const packageManifest = {
  id: 'org.example.tides',
  name: 'Tides',
  description: 'Knows tides',
  version: '1.0.0',
  starters: [],
  parameters: {},
  instructions: '',
}
const packageSource = { kind: 'file', fileName: 'tides.zip', url: null, revision: null, commit: null, subPath: null }

async function addPackageArchive({ deps: { db } }: TestApp, { workspaceId }: Person): Promise<string> {
  const id = newId()
  const row = { id, workspace_id: workspaceId, sha256: randomBytes(32), storage_key: `${id.slice(-2)}/${id}`, size_bytes: 1 }
  await db.insertInto('package_archive').values(row).execute()
  return id
}

/** As if an administrator had installed it into an agent of theirs. */
export async function addAgentPackage(app: TestApp, person: Person): Promise<string> {
  const { db } = app.deps
  const place = { id: newId(), workspace_id: person.workspaceId }
  const archive_id = await addPackageArchive(app, person)
  await db
    .insertInto('agent_package')
    .values({ ...place, agent_id: await addAgent(person), package_id: packageManifest.id, version: 1 })
    .execute()
  await db
    .insertInto('agent_package_version')
    .values({
      id: newId(),
      workspace_id: person.workspaceId,
      agent_package_id: place.id,
      number: 1,
      manifest: JSON.stringify(packageManifest),
      source: JSON.stringify(packageSource),
      archive_id,
      root: '',
    })
    .execute()
  return place.id
}

/** As if they had been allowed to look at a package. */
async function addInspection(app: TestApp, person: Person): Promise<string> {
  const id = newId()
  await app.deps.db
    .insertInto('package_inspection')
    .values({
      id,
      workspace_id: person.workspaceId,
      created_by: person.id,
      archive_id: await addPackageArchive(app, person),
      root: '',
      manifest: JSON.stringify(packageManifest),
      source: JSON.stringify(packageSource),
      expires_at: new Date(Date.now() + 3_600_000),
    })
    .execute()
  return id
}

/** What the server of providers offers anyway. */
export const apiDescription = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Models', version: '1' },
  paths: { '/models': { get: { operationId: 'listModels', summary: 'Lists models' } } },
})

export async function addCustomTool(person: Person, baseUrl: string): Promise<string> {
  const configuration = {
    kind: 'http_api' as const,
    source: { text: apiDescription },
    baseUrl,
    operations: { 'GET /models': 'allow' as const },
  }
  return (await person.get('customTools.create', { workspaceId: person.workspaceId, name: 'An API', configuration })).id
}

/** An import whose file has not arrived. */
export async function addImport(person: Person): Promise<string> {
  const { workspaceId } = person
  return (await person.get('imports.create', { workspaceId, fileName: 'conversations.json', sizeBytes: 1_000 })).id
}

/** A tool server that was never called, with a tool, by brand. */
export async function addMcpServer(app: TestApp, person: Person): Promise<Record<'mcp-server' | 'mcp-tool' | 'mcp-prompt', string[]>> {
  const { workspaceId } = person
  const { id } = await person.get('mcpServers.create', {
    workspaceId,
    name: 'Tools',
    transport: 'http',
    url: 'https://tools.example/mcp',
    credentials: 'personal',
  })
  const prompt = { id: newId(), workspace_id: workspaceId, server_id: id, name: 'greet', title: null, description: '', arguments: '[]' }
  await app.deps.db.insertInto('mcp_prompt').values(prompt).execute()
  return { 'mcp-server': [id], 'mcp-tool': [await addMcpTool(app, person, id)], 'mcp-prompt': [prompt.id] }
}

/** A prompt of a tool server that answers. */
export async function addServerPrompt({ alice, mcpServer }: World): Promise<string> {
  const { workspaceId } = alice
  const { id } = await alice.get('mcpServers.create', { workspaceId, name: 'Answering', transport: 'http', url: mcpServer.url })
  await alice.get('mcpServers.test', { id })
  return (await alice.get('mcpServers.listPrompts', { workspaceId })).find(({ serverId, name }) => serverId === id && name === 'greet')!.id
}

/** A tool server at which each person signs in. */
export async function addSignInServer({ alice, signInServer }: World): Promise<string> {
  const { workspaceId } = alice
  return (
    await alice.get('mcpServers.create', { workspaceId, name: 'Signed', transport: 'http', url: signInServer.url, credentials: 'oauth' })
  ).id
}

/** As if the server had listed it. */
async function addMcpTool(app: TestApp, person: Person, serverId: string): Promise<string> {
  const id = newId()
  const tool = {
    id,
    workspace_id: person.workspaceId,
    server_id: serverId,
    name: 'add',
    call_name: id,
    title: null,
    description: '',
    hash: '',
  }
  await app.deps.db
    .insertInto('mcp_tool')
    .values({
      ...tool,
      input_schema: '{"type":"object"}',
      hints: JSON.stringify({ isReadOnly: true, isIdempotent: false, isDestructive: false }),
    })
    .execute()
  return id
}

/** A page with a link, a question, and one that was not answered, by brand. */
export async function addPage(app: TestApp, person: Person): Promise<Record<'page' | 'page-link' | 'page-faq' | 'unanswered', string[]>> {
  const { workspaceId } = person
  const { id: pageId } = await person.get('pages.create', { workspaceId, slug: newId(), displayName: 'A page' })
  const link = await person.get('pageLinks.create', { pageId, title: 'A link', url: 'https://example.org/' })
  const faq = await person.get('pageFaq.create', { pageId, question: 'Why?', answer: 'Because.' })
  await noteUnanswered(app.deps.db, { pageId, question: 'Who?', reason: 'unknown', turnId: newId() })
  const [unanswered] = await person.get('bots.listUnanswered', { pageId })
  return { page: [pageId], 'page-link': [link.id], 'page-faq': [faq.id], unanswered: [unanswered!.id] }
}

/** A visitor who pressed a button on a page. */
async function addVisit(app: TestApp, person: Person, pageId: string): Promise<{ conversationId: string; messageId: string }> {
  const { slug } = await person.get('pages.update', { pageId, isPublished: true })
  await person.get('bots.update', { pageId, isEnabled: true, quickActions: [{ kind: 'tool', label: 'Links', tool: 'links' }] })
  await using client = await VisitClient.open(app.url, slug, await admit(app.url, slug))
  await client.ask({ type: 'press', key: randomUUID(), index: 0 })
  const [pressed] = await client.settled(2)
  const row = await app.deps.db.selectFrom('message').select('conversation_id').where('id', '=', pressed!.id).executeTakeFirstOrThrow()
  return { conversationId: row.conversation_id, messageId: pressed!.id }
}

/** A key of the person's own, with a model that only this connection has. */
export async function addConnection(person: Person, baseUrl: string): Promise<{ id: string; modelId: string }> {
  const { workspaceId } = person
  const { id } = await person.get('connections.create', { workspaceId, provider: 'openai-compatible', baseUrl, isDefault: false })
  const { models } = await person.get('models.list', { workspaceId })
  return { id, modelId: models.find((model) => model.connectionId === id && model.kind === 'chat')!.id }
}

async function addWorkspaceConnection(person: Person, baseUrl: string): Promise<string> {
  const { workspaceId } = person
  const settings = { workspaceId, provider: 'openai-compatible', ownership: 'workspace', baseUrl, isDefault: false } as const
  return (await person.get('connections.create', settings)).id
}

export interface MadeTurn {
  turnId: string
  conversationId: string
  userMessageId: string
  answerMessageId: string
}

async function addTurn(person: Person, { id: connectionId, modelId }: { id: string; modelId: string }, text: string): Promise<MadeTurn> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId })
  return person.get('turns.start', { id, text, modelId, connectionId })
}

export async function addAnsweredTurn(
  person: Person,
  connection: { id: string; modelId: string },
  answer = 'an answer',
): Promise<MadeTurn> {
  const turn = await addTurn(person, connection, scripted({ text: answer }))
  await untilState(person, turn.turnId, 'completed')
  return turn
}

export async function addHighlight(person: Person, { conversationId: id, answerMessageId: messageId }: MadeTurn): Promise<string> {
  return (await person.get('highlights.create', { id, messageId, textQuote: { exact: 'answer', prefix: 'an ', suffix: '' } })).id
}

/** A file that is ready for a message. */
export async function addAttachment(person: Person, conversationId?: string): Promise<string> {
  return (await attach(person, 'notes.txt', 'Some notes.', conversationId)).id
}

export async function addPrompt(person: Person): Promise<string> {
  return (await person.get('prompts.create', { workspaceId: person.workspaceId, name: 'A prompt', content: 'Explain {{it}}.' })).id
}

export async function addPromptVersion(person: Person): Promise<string> {
  return (await person.get('prompts.get', { id: await addPrompt(person) })).versionId
}

export async function addWaitingTurn(person: Person, connection: { id: string; modelId: string }): Promise<MadeTurn & { callId: string }> {
  const text = scripted({ toolRounds: [[{ name: askFirst.name, arguments: {} }]], text: 'done' })
  const turn = await addTurn(person, connection, text)
  const { waitingFor } = await untilState(person, turn.turnId, 'waiting')
  return { ...turn, callId: waitingFor[0]!.callId }
}

/** A turn with a tool that runs. */
export async function addRunningCall(
  person: Person,
  connection: { id: string; modelId: string },
): Promise<{ turnId: string; callId: string }> {
  const { turnId, conversationId } = await addTurn(
    person,
    connection,
    scripted({ toolRounds: [[{ name: runOn.name, arguments: {} }]], text: 'done' }),
  )
  const part = await eventually(
    async () => (await person.get('conversations.messages', { id: conversationId })).messages.at(-1)!.parts[0],
    (first) => first?.type === 'tool-call',
  )
  return { turnId, callId: part?.type === 'tool-call' ? part.callId : '' }
}

/** A turn with a result of which its answer has only the beginning. */
export async function addLongResult(
  person: Person,
  connection: { id: string; modelId: string },
): Promise<{ turnId: string; resultId: string }> {
  const { turnId, conversationId } = await addTurn(
    person,
    connection,
    scripted({ toolRounds: [[{ name: answerLong.name, arguments: {} }]], text: 'done' }),
  )
  await untilState(person, turnId, 'completed')
  const [part] = (await person.get('conversations.messages', { id: conversationId })).messages.at(-1)!.parts
  return { turnId, resultId: part?.type === 'tool-call' ? part.whole!.id : '' }
}

/** What a tool asks while it runs. */
export async function addQuestion(person: Person, connection: { id: string; modelId: string }): Promise<string> {
  const { turnId, conversationId } = await addTurn(
    person,
    connection,
    scripted({ toolRounds: [[{ name: askMore.name, arguments: {} }]], text: 'done' }),
  )
  const part = await eventually(
    async () => (await person.get('conversations.messages', { id: conversationId })).messages.at(-1)!.parts[0],
    (first) => first?.type === 'tool-call' && first.questions !== undefined,
  )
  if (part?.type !== 'tool-call') throw new Error(`no question in the turn ${turnId}`)
  return part.questions![0]!.id
}

/** What was answered for good when a tool asked. */
export async function addToolPermission(person: Person, connection: { id: string; modelId: string }): Promise<string> {
  const { turnId, callId, conversationId } = await addWaitingTurn(person, connection)
  await person.get('turns.decide', { id: turnId, callId, decision: 'always-deny' })
  return (await person.get('toolPermissions.list', { id: conversationId }))[0]!.id
}

/** A conversation of a contact with nobody but a person to answer it: the contact may not use the only model there is. */
export async function addContactConversation({ app, providerUrl }: Pick<World, 'app' | 'providerUrl'>, person: Person): Promise<string> {
  const { workspaceId } = person
  const { id: _, modelId } = await addConnection(person, providerUrl)
  const before = new Set((await person.get('inbox.list', { workspaceId })).map(({ id }) => id as string))
  await sendEvent(app.url, await addHook(person, providerUrl, { modelId }), {})
  const inbox = await eventually(
    () => person.get('inbox.list', { workspaceId }),
    (list) => list.some(({ id, handledBy }) => !before.has(id) && handledBy === 'person'),
  )
  return inbox.find(({ id }) => !before.has(id))!.id
}

/** The id of a session that is not the one the person uses. */
export async function addSession(app: TestApp, person: Person): Promise<{ id: string; cookie: string }> {
  const before = new Set((await person.get('people.listSessions')).map(({ id }) => id))
  const token = await app.app.auth.openSession(person.id, { address: '127.0.0.1', userAgent: 'another device' })
  const added = (await person.get('people.listSessions')).find(({ id }) => !before.has(id))!
  return { id: added.id, cookie: app.deps.cookie.set(token).split(';', 1)[0]! }
}

async function untilState(person: Person, id: string, state: string) {
  return eventually(
    () => person.get('turns.get', { id }),
    (turn) => turn.state === state,
  )
}

/** Until nothing runs but what runs until it is ended, so that whatever changes afterwards was changed by the call under test. */
export async function settle({ app }: World): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select from turn t where state in ('queued', 'running')
        and not exists (select from tool_call k where k.turn_id = t.id and k.state = 'running'
            and (k.tool_name = ${runOn.name} or exists (select from tool_question q where q.tool_call_id = k.id and q.state = 'asked')))
      union all select from inbound_event where state = 'open'
      union all select from delivery where state = 'pending' limit 1
    `.execute(app.deps.db)
    if (rows.length === 0) return
    await pause(10)
  }
}

/** One value for everything in the database, but for when keys were used last, what counts attempts and processes, and what is searched, which follows by itself. */
export async function stateOf({ app: { deps } }: World): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
      and relname not in ('process', 'rate_limit', 'message_text', 'indexed_conversation', 'search_progress') order by relname
  `.execute(deps.db)
  const sums = tables.map(
    ({ name }) => sql`
      select ${name} as name, (select md5(coalesce(string_agg(row, '|' order by row), ''))
        from (select (to_jsonb(t) - 'last_used_at')::text as row from ${sql.table(name)} t) rows) as sum`,
  )
  const { rows } = await sql<{ name: string; sum: string }>`${sql.join(sums, sql` union all `)}`.execute(deps.db)
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]))
}

/** An id as the server makes them, of nothing. */
export const missingId = (): string => newId()

export async function addMemory(person: Person, text = 'Likes tea.'): Promise<string> {
  return (await person.get('memories.create', { workspaceId: person.workspaceId, text })).id
}

export async function addGuardrail(
  person: Person,
  configuration: { kind: 'pattern'; words: string[] } | { kind: 'judge'; modelId: string; question: string } = {
    kind: 'pattern',
    words: ['secret'],
  },
): Promise<string> {
  const { workspaceId } = person
  return (await person.get('guardrails.create', { workspaceId, name: 'A guardrail', configuration, places: ['input'], action: 'warn' })).id
}

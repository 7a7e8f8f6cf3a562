import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { contract } from '../contract/index.ts'
import type { Deps } from './deps.ts'
import {
  connectionRoutes,
  listBuiltIn,
  saveHouseConnections,
  startHouseListing,
  type ConnectionsDeps,
  type HouseListing,
} from './features/connections/index.ts'
import { assertConnectionUsable, assertModelUsable, modelRoutes, openModelResolver, type ModelResolver } from './features/models/index.ts'
import {
  authLibrary,
  ensureAdmin,
  findUserIdByEmail,
  hasUsers,
  insertGrant,
  listMemberIds,
  limitAttempts,
  listRecentUserIds,
  makeEntryToken,
  peopleRoutes,
  type AuthLibrary,
  type PeopleDeps,
} from './features/people/index.ts'
import { operationalRoutes, systemRoutes } from './features/system/index.ts'
import { workspaceRoutes } from './features/workspaces/index.ts'
import { type AppDeps, appRoutes } from './features/apps/index.ts'
import type { UserEvent } from '../contract/events.ts'
import { conversationRoutes, createUsageAlerts, type RequireUsable } from './features/conversations/index.ts'
import { highlightRoutes } from './features/highlights/index.ts'
import { pictureRoutes } from './features/pictures/index.ts'
import { maintenanceJobs, makePartitions } from './features/maintenance/index.ts'
import { createCustomTools, customToolRoutes } from './features/custom-tools/index.ts'
import { createQuestions, toolQuestionRoutes } from './features/questions/index.ts'
import { eventRoutes, tellPeople, userEventLog } from './features/events/index.ts'
import { addonRoutes, openAddonSwitches } from './features/addons/index.ts'
import { agentPackageRoutes, packageSchema, packageTarget } from './features/agent-packages/index.ts'
import { type AgentDeps, agentRoutes, assertAgentUsable } from './features/agents/index.ts'
import { checkServersJob, createMcpServers, mcpServerRoutes, packagePrograms } from './features/mcp-servers/index.ts'
import { createGuardrails, guardrailRoutes } from './features/guardrails/index.ts'
import { createPersonal, memoryRoutes, ownMemoryText } from './features/memories/index.ts'
import { promptRoutes, type PromptDeps } from './features/prompts/index.ts'
import { exportRoutes } from './features/exports/index.ts'
import { createImports, importRoutes } from './features/imports/index.ts'
import { findPageContents, pageRoutes, publicPageRoutes } from './features/pages/index.ts'
import { noteUnansweredTool, pageTools, type VisitDeps } from './features/visits/index.ts'
import { attachmentRoutes, type FileDeps, fileTools, readFilesByName } from './features/files/index.ts'
import { createIndexer, recall, searchRoutes } from './features/search/index.ts'
import { calculate, codeSource, fetchPage, plan, type Tool, Toolbox } from './features/tools/index.ts'
import { createSummaries } from './features/summaries/index.ts'
import {
  askAgentTool,
  askForTool,
  createTurns,
  forgetAllowed,
  toolPermissionRoutes,
  type TurnDeps,
  turnRoutes,
} from './features/turns/index.ts'
import { publicShareRoutes, shareRoutes } from './features/shares/index.ts'
import { budgetRoutes, usageRoutes } from './features/usage/index.ts'
import { createChannels, inboxRoutes, installationRoutes } from './features/channels/index.ts'
import type { Actor } from './platform/auth/index.ts'
import { AppError } from './platform/errors/index.ts'
import { CounterStreams } from './platform/events/index.ts'
import { providerSearchName } from './platform/llm/index.ts'
import { createInspector, createPageReader } from './platform/documents/index.ts'
import { createJobs, type Jobs } from './platform/jobs/index.ts'
import { createSandbox } from './platform/sandbox/index.ts'
import { chatForm } from './surfaces/visits/chat-form.ts'
import { createVisitSocket } from './surfaces/visits/visit-socket.ts'
import { visitRoutes } from './surfaces/visits/visit-routes.ts'
import { hooksSurface } from './surfaces/hooks/hooks.ts'
import { mcpSurface } from './surfaces/mcp/mcp.ts'
import type { McpParts } from './surfaces/mcp/parts.ts'
import { oauthSurface } from './surfaces/oauth/oauth.ts'
import { openAiSurface } from './surfaces/openai/openai.ts'
import { createSocketSurface } from './surfaces/socket/socket.ts'
import { packageRoot } from './platform/db/package-root.ts'
import { accessLog, fail, mountApi, openApi, securityHeaders, staticFiles, type HttpEnv, type Routes } from './platform/http/index.ts'

export interface App {
  readonly http: Hono<HttpEnv>
  readonly version: string
  readonly resolver: ModelResolver
  readonly auth: AuthLibrary
  readonly jobs: Jobs
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Work in the background, after the port is open. */
  start(): Promise<void>
  /** Asks providers for their models; resolves when each was asked once. Undefined before `start`. */
  readonly listing: HouseListing | undefined
  /** The token of a one-time link, while nobody has a password. */
  makeEntryToken(): Promise<string | undefined>
  /** `/ready` says no from now on; running turns end or are handed over. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** Who just started has better things to do than the jobs of the house. */
const jobsDelayMs = 3_000
/** Jobs that are stopped in the middle begin again elsewhere. */
const jobsGraceMs = 2_000

/** Mounts every feature: the only list of them. What must be there before the first request is there when it resolves. */
export async function createApp(deps: Deps, overrides: { tools?: Tool[]; mcpParts?: (own: McpParts) => McpParts } = {}): Promise<App> {
  const { config, log, db, door } = deps
  const version = await readVersion()
  const resolver = await openModelResolver(deps.database, deps.vault)
  const auth = authLibrary({ db, log, secret: deps.cookieSecret, cookie: deps.cookie, publicUrl: config.http.publicUrl })
  const userStreams = new CounterStreams<UserEvent>(userEventLog(db), deps.database.notifier, 'user-streams')
  const tell = tellPeople(userStreams)
  const people: PeopleDeps = {
    ...deps,
    auth,
    tell,
    assertModelUsable: (actor, modelId) => assertModelUsable(deps, actor, modelId),
    onSettingsChanged: () => resolver.invalidate(),
  }
  const connections: ConnectionsDeps = {
    ...deps,
    tell,
    listMemberIds,
    listRecentUserIds,
    onConnectionsChanged: () => resolver.invalidate(),
  }

  const baseUrl = config.http.publicUrl ?? `http://localhost:${config.http.port}`
  const switches = await openAddonSwitches(deps.database, log)
  const customTools = await createCustomTools({
    ...deps,
    switches,
    tell,
    listMemberIds,
    forgetAllowed,
    listOtherSlugs: (tx, workspaceId) => mcpServers.listSlugs(tx, workspaceId),
  })
  const { listSlugs: listOtherSlugs } = customTools
  const questions = createQuestions(deps)
  const mcpServers = createMcpServers({
    ...deps,
    switches,
    tell,
    listMemberIds,
    forgetAllowed,
    listOtherSlugs,
    packageTarget: (server) => packageTarget(deps, server),
    askModel: (call, asked) => askForTool(turnDeps, call, asked),
    connected: questions.connected,
    version,
    baseUrl,
  })
  const sandbox = createSandbox()
  const isLanguageOn = (language: 'javascript' | 'python') => switches.isOn(`code-${language}`)
  switches.onSwitched(() => {
    for (const language of ['javascript', 'python'] as const) sandbox.allow(language, isLanguageOn(language))
  })
  const inspector = createInspector()
  const pages = createPageReader()
  const search = {
    db,
    assertModelUsable: (actor: Actor, modelId: string, workspaceId: string) => assertModelUsable(deps, actor, modelId, workspaceId),
    assertAgentUsable: (actor: Actor, agentId: string, workspaceId: string) => assertAgentUsable(deps, actor, agentId, workspaceId),
  }
  const personal = createPersonal({ ...deps, tell, others: (workspaceId) => [recall({ ...deps, ...search }, workspaceId)] })
  const toolbox = new Toolbox(
    [
      calculate as Tool,
      fetchPage({ egress: deps.egress, pages, inspector }) as Tool,
      plan as Tool,
      ...fileTools(deps),
      ...pageTools({ db, baseUrl, findContents: findPageContents }),
      noteUnansweredTool(db),
      askAgentTool(() => ({ turnDeps, conversations: { db, userStreams, requireUsable } })),
      ...(overrides.tools ?? []),
    ],
    [
      codeSource(sandbox, (conversationId, names) => readFilesByName(deps, conversationId, names), isLanguageOn),
      customTools.source,
      mcpServers.source,
      personal.source,
    ],
    log,
  )
  const guardrails = await createGuardrails({
    ...deps,
    tell,
    listMemberIds,
    assertModelUsable: (actor, modelId, workspaceId) => assertModelUsable(deps, actor, modelId, workspaceId),
    turnDeps: () => turnDeps,
  })
  const usageAlerts = createUsageAlerts({ ...deps, userStreams })
  const turns = createTurns({
    ...deps,
    questions,
    resolver,
    toolbox,
    userStreams,
    textAbout: (scope) => personal.textFor(scope),
    guardrails: guardrails.source,
    wakeDeliveries: () => channels.deps.deliveries.wake(),
    onAnswered: (answered) => summaries.onAnswered(answered),
    onSpent: (conversationId) => usageAlerts.check(conversationId),
  })
  const turnDeps: TurnDeps = { ...deps, resolver, turns: turns.services }
  const summaries = createSummaries({ ...deps, turnDeps, userStreams })
  const channels = await createChannels({
    ...deps,
    eventsPerMinute: config.hooks.eventsPerMinute,
    turnDeps,
    stopConversation: turns.stopConversation,
    assertAgentUsable: (actor, agentId, workspaceId) => assertAgentUsable(deps, actor, agentId, workspaceId),
    hookUrl: (installationId) => `${baseUrl}/hooks/${installationId}`,
  })
  const visits: VisitDeps = {
    ...deps,
    turnDeps,
    visitorSecret: await deps.vault.shared(db, 'visitor'),
    baseUrl,
    stopConversation: turns.stopConversation,
    limit: (what, subject) => limitAttempts(db, what, subject),
  }
  const files: FileDeps = { ...deps, inspector, uploadSecret: await deps.vault.shared(db, 'uploads') }
  const imports = createImports({ ...deps, tell, dataDir: config.dataDir, maxBytes: config.imports.maxBytes })
  const eventDeps = { userStreams }
  const socket = createSocketSurface(deps, { turnDeps, eventDeps }, version)
  const visitSocket = createVisitSocket(visits, config.http.publicUrl)

  const requireUsable: RequireUsable = async (actor, workspaceId, { modelId, connectionId, agentId }) => {
    if (modelId) await assertModelUsable(deps, actor, modelId, workspaceId)
    if (connectionId) await assertConnectionUsable(deps, actor, connectionId, workspaceId)
    if (agentId) await assertAgentUsable(deps, actor, agentId, workspaceId)
  }
  const conversations: Parameters<typeof conversationRoutes>[0] = {
    db,
    userStreams,
    stopConversation: turns.stopConversation,
    stopTurns: turns.stopTurns,
    resolveModel: (actor, request) => resolver.resolve(actor, request),
    offersSearch: async (actor, place, named) => (await turns.services.toolNames(actor, place, named)).includes(providerSearchName),
    database: deps.database,
    requireUsable,
  }

  const agents: AgentDeps = {
    ...deps,
    tell,
    listMemberIds,
    listRecentUserIds,
    findUserIdByEmail,
    requireUsable,
    requireGuardrails: (workspaceId, ids) => guardrails.requireAll(workspaceId, ids),
    listTools: (actor, workspaceId) => turns.offeredTools(actor, workspaceId),
  }
  const prompts: PromptDeps = {
    ...deps,
    tell,
    listMemberIds,
    memoryText: async ({ principalId: ownerId }, workspaceId) => (await ownMemoryText(db, { ownerId, workspaceId })) ?? '',
  }

  const apps: AppDeps = {
    ...deps,
    tell,
    tokenSecret: await deps.vault.shared(db, 'app-tokens'),
    limit: (what, address) => limitAttempts(db, what, address),
  }

  const routes: Routes<typeof contract> = {
    apps: appRoutes(apps),
    conversations: conversationRoutes(conversations),
    search: searchRoutes(search),
    turns: turnRoutes(turnDeps),
    toolPermissions: toolPermissionRoutes(deps),
    toolQuestions: toolQuestionRoutes(questions.deps),
    events: eventRoutes({ ...deps, ...eventDeps }),
    system: systemRoutes({ ...deps, version, hasUsers: () => hasUsers(db) }),
    people: peopleRoutes(people),
    usage: usageRoutes(deps),
    workspaces: {
      ...budgetRoutes(deps),
      ...workspaceRoutes({
        ...deps,
        tell,
        listMemberIds,
        grantSuperUser: (tx, principalId, workspaceId) =>
          insertGrant(tx, { principalId, workspaceId, scope: 'workspace', scopeId: workspaceId, role: 'Super User' }),
        assertModelUsable: (actor, modelId, workspaceId) => assertModelUsable(deps, actor, modelId, workspaceId),
        onSettingsChanged: () => resolver.invalidate(),
      }),
    },
    connections: connectionRoutes(connections),
    customTools: customToolRoutes(customTools.deps),
    models: modelRoutes({ db, resolver }),
    highlights: highlightRoutes({ ...deps, tell }),
    pictures: pictureRoutes(deps),
    attachments: attachmentRoutes(files),
    ...agentRoutes(agents),
    agentPackages: agentPackageRoutes({ ...deps, agents, programs: packagePrograms(mcpServers.deps) }),
    prompts: promptRoutes(prompts),
    memories: memoryRoutes({ ...deps, tell, onSwitched: (ownerId) => personal.forget(ownerId) }),
    shares: shareRoutes({ ...deps, userStreams, tell }),
    exports: exportRoutes(deps),
    imports: importRoutes(imports.deps),
    mcpServers: mcpServerRoutes(mcpServers.deps),
    addons: addonRoutes({ ...deps, switches, version }),
    guardrails: guardrailRoutes(guardrails.deps),
    installations: installationRoutes(channels.deps),
    inbox: inboxRoutes(channels.deps),
    ...pageRoutes({
      ...deps,
      findUserIdByEmail,
      assertAgentUsable: (actor, agentId, workspaceId) => assertAgentUsable(deps, actor, agentId, workspaceId),
    }),
  }

  const indexer = createIndexer(deps.database.background, log)
  const jobs = createJobs({
    database: deps.database,
    log,
    definitions: [
      ...maintenanceJobs({ ...deps, ...files, userStreams, stopConversation: turns.stopConversation }),
      checkServersJob(mcpServers.deps),
    ],
    runs: true,
  })

  await makePartitions(deps)
  await ensureAdmin(people)
  await saveHouseConnections(connections)
  await listBuiltIn(connections)
  await userStreams.listen()
  await questions.start()
  await turns.start()

  let isReady = true
  let listing: HouseListing | undefined
  let jobsTimer: NodeJS.Timeout | undefined
  const listed = Promise.withResolvers<void>()
  const requests = deps.metrics.counter<'method' | 'route' | 'status'>('parley_http_requests_total', 'Requests answered.')
  const http = new Hono<HttpEnv>()
  http.use(accessLog(log, ({ method, route, status }) => requests.add(1, { method, route, status: String(status) })))
  http.use(securityHeaders(config.http.publicUrl))
  const document = openApi(contract, { title: 'Parley', version, description: 'Everything that the web app does, for programs.' })
  http.get('/api/openapi.json', async (c) => {
    c.set('route', '/openapi.json')
    return c.body(await document(), 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' })
  })
  http.get('/schemas/agent-package.json', (c) => {
    c.set('route', '/schemas/agent-package.json')
    return c.body(packageSchema(), 200, { 'content-type': 'application/schema+json', 'cache-control': 'public, max-age=3600' })
  })
  http.route('/api', mountApi(routes, { door, log, maxBodyBytes: config.http.bodyLimitBytes, trustedProxies: config.http.trustedProxies }))
  http.route('/v1', openAiSurface({ ...deps, ...turnDeps, whenListed: () => listed.promise }))
  http.route(
    '/mcp',
    mcpSurface(
      {
        ...deps,
        ...turnDeps,
        conversations,
        search,
        prompts,
        addressOf: (id, messageId) => `${baseUrl}/c/${id}${messageId ? `?message=${messageId}` : ''}`,
        stateSecret: await deps.vault.shared(db, 'mcp-state'),
      },
      config.http,
      version,
      overrides.mcpParts,
    ),
  )
  http.route('/', oauthSurface(apps))
  http.route('/hooks', hooksSurface({ log, config, channels: channels.deps }))
  http.route('/', operationalRoutes({ ...deps, isReady: () => isReady }))
  http.route('/', visitRoutes(visits, config.http))
  http.route('/', chatForm(visits, config.http))
  http.route('/', publicPageRoutes(deps))
  http.route('/', publicShareRoutes(deps))
  http.use(await staticFiles(join(packageRoot(), 'dist', 'web')))
  http.notFound((c) => fail(c, new AppError('request.not_found'), log))
  http.onError((error, c) => fail(c, error, log))

  return {
    http,
    version,
    resolver,
    auth,
    jobs,
    onUpgrade(request, client, head) {
      if (!visitSocket.onUpgrade(request, client, head)) socket.onUpgrade(request, client, head)
    },
    async start() {
      listing = await startHouseListing(connections)
      listed.resolve(listing.firstRound)
      await channels.start()
      await mcpServers.start()
      indexer.start()
      summaries.start()
      imports.start()
      jobsTimer = setTimeout(() => void jobs.start(), jobsDelayMs).unref()
    },
    get listing() {
      return listing
    },
    makeEntryToken: () => makeEntryToken(people),
    async drain() {
      isReady = false
      await turns.drain()
      socket.close()
      visitSocket.close()
    },
    async close() {
      clearTimeout(jobsTimer)
      await jobs.close(jobsGraceMs)
      await listing?.close()
      socket.close()
      visitSocket.close()
      await channels.close()
      await mcpServers.close()
      await switches.close()
      await indexer.close()
      await summaries.close()
      await imports.close()
      await turns.close()
      await questions.close()
      await guardrails.close()
      await customTools.close()
      await inspector.close()
      await pages.close()
      await sandbox.close()
      await usageAlerts.close()
      await userStreams.close()
      await resolver.close()
    },
  }
}

async function readVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  return version
}

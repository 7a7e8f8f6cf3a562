import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { query } from './api.ts'
import { ApiError } from './errors.ts'
import { addressToReturnTo } from './features/apps/asked.ts'
import { ConversationScreen, NewConversationScreen, stopLive } from './features/conversations/index.ts'
import { readHighlightFilter } from './features/highlights/highlight-filter.ts'
import { queryClient, whenSignedOut } from './query-client.ts'
import { readOrganiseAddress } from './features/organise/organise-address.ts'
import { readReportAddress } from './features/transfer/report-address.ts'
import { readSearchAddress } from './features/search/search-address.ts'
import { AppFrame } from './shell/app-frame.tsx'
import { AppSkeleton } from './shell/app-skeleton.tsx'
import { ConversationsFrame } from './shell/conversations-frame.tsx'
import { NotFound, ScreenError } from './shell/screen-error.tsx'

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: ScreenError })

/** Only addresses of our own: `next` comes from the URL and may have been written by anybody. */
function safeNext(next: unknown): string | undefined {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined
}

// A field that is left out would keep what the address says, so a bad one is set to nothing.
const withNext = (search: Record<string, unknown>): { next?: string | undefined } => ({ next: safeNext(search.next) })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: withNext,
  component: lazyRouteComponent(() => import('./features/people/sign-in.tsx'), 'SignIn'),
})

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: withNext,
  component: lazyRouteComponent(() => import('./features/people/sign-up.tsx'), 'SignUp'),
})

const enter = createRoute({
  getParentRoute: () => root,
  path: '/enter',
  component: lazyRouteComponent(() => import('./features/people/enter.tsx'), 'Enter'),
})

/** Everything that needs a person. Loads who it is before anything is drawn, and remembers where somebody wanted to go. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(query.people.me.queryOptions())
    } catch (error) {
      if (!(error instanceof ApiError) || (error.code !== 'auth.required' && error.code !== 'auth.disabled')) throw error
      throw redirect({
        to: '/sign-in',
        search: location.pathname === '/' ? {} : { next: addressToReturnTo(location.pathname, location.href) },
        replace: true,
      })
    }
  },
  component: AppFrame,
  pendingComponent: AppSkeleton,
})

const authorize = createRoute({
  getParentRoute: () => app,
  path: '/oauth/authorize',
  component: lazyRouteComponent(() => import('./features/apps/authorize.tsx'), 'Authorize'),
})

const conversationsFrame = createRoute({ getParentRoute: () => app, id: 'conversations', component: ConversationsFrame })

const home = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { agent?: string | undefined } => ({
    agent: typeof search.agent === 'string' ? search.agent : undefined,
  }),
  component: function Home() {
    return <NewConversationScreen agentId={home.useSearch().agent} />
  },
})

const conversation = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/c/$conversationId',
  validateSearch: (
    search: Record<string, unknown>,
  ): { message?: string | undefined; highlight?: string | undefined; artifact?: string | undefined } => ({
    message: typeof search.message === 'string' ? search.message : undefined,
    highlight: typeof search.highlight === 'string' ? search.highlight : undefined,
    artifact: typeof search.artifact === 'string' ? search.artifact : undefined,
  }),
  component: function Conversation() {
    const { conversationId } = conversation.useParams()
    const { message, highlight, artifact } = conversation.useSearch()
    return (
      <ConversationScreen
        key={conversationId}
        conversationId={conversationId}
        messageId={message}
        highlightId={highlight}
        artifact={artifact}
      />
    )
  },
})

const allConversations = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/conversations',
  validateSearch: readOrganiseAddress,
  component: lazyRouteComponent(() => import('./features/organise/organise-screen.tsx'), 'OrganiseScreen'),
})

const search = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/search',
  validateSearch: readSearchAddress,
  component: lazyRouteComponent(() => import('./features/search/search-screen.tsx'), 'SearchScreen'),
})

const inbox = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/inbox',
  component: lazyRouteComponent(() => import('./features/inbox/inbox-screen.tsx'), 'InboxScreen'),
})

const inboxConversation = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/inbox/$inboxId',
  component: lazyRouteComponent(() => import('./features/inbox/inbox-conversation-route.tsx'), 'InboxConversationRoute'),
})

const highlights = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/highlights',
  validateSearch: readHighlightFilter,
  component: lazyRouteComponent(() => import('./features/highlights/highlights-screen.tsx'), 'HighlightsScreen'),
})

const prompts = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/prompts',
  component: lazyRouteComponent(() => import('./features/prompts/prompts-screen.tsx'), 'PromptsScreen'),
})

const prompt = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/prompts/$promptId',
  component: lazyRouteComponent(() => import('./features/prompts/prompt-screen.tsx'), 'PromptScreen'),
})

const agents = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/agents',
  component: lazyRouteComponent(() => import('./features/agents/agents-screen.tsx'), 'AgentsScreen'),
})

const installPackage = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/agents/install',
  validateSearch: (search: Record<string, unknown>): { agent?: string | undefined; updates?: string | undefined } => ({
    agent: typeof search.agent === 'string' ? search.agent : undefined,
    updates: typeof search.updates === 'string' ? search.updates : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/agent-packages/install-screen.tsx'), 'InstallScreen'),
})

const agent = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/agents/$agentId',
  component: lazyRouteComponent(() => import('./features/agents/agent-screen.tsx'), 'AgentScreen'),
})

const sharedConversation = createRoute({
  getParentRoute: () => conversationsFrame,
  path: '/shared/$token',
  component: lazyRouteComponent(() => import('./features/shares/continue-share.tsx'), 'ContinueShare'),
})

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyRouteComponent(() => import('./features/settings/settings-frame.tsx'), 'SettingsFrame'),
})

const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('./features/settings/settings-index.tsx'), 'SettingsIndex'),
})

const profile = createRoute({
  getParentRoute: () => settings,
  path: 'profile',
  component: lazyRouteComponent(() => import('./features/people/profile-settings.tsx'), 'ProfileSettings'),
})
const appearance = createRoute({
  getParentRoute: () => settings,
  path: 'appearance',
  component: lazyRouteComponent(() => import('./features/people/appearance-settings.tsx'), 'AppearanceSettings'),
})
const account = createRoute({
  getParentRoute: () => settings,
  path: 'account',
  component: lazyRouteComponent(() => import('./features/people/account-settings.tsx'), 'AccountSettings'),
})
const sessions = createRoute({
  getParentRoute: () => settings,
  path: 'sessions',
  component: lazyRouteComponent(() => import('./features/people/session-settings.tsx'), 'SessionSettings'),
})
const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: 'api-keys',
  component: lazyRouteComponent(() => import('./features/people/api-key-settings.tsx'), 'ApiKeySettings'),
})
const apps = createRoute({
  getParentRoute: () => settings,
  path: 'apps',
  component: lazyRouteComponent(() => import('./features/apps/app-settings.tsx'), 'AppSettings'),
})
const shares = createRoute({
  getParentRoute: () => settings,
  path: 'shares',
  component: lazyRouteComponent(() => import('./features/shares/share-settings.tsx'), 'ShareSettings'),
})
const memories = createRoute({
  getParentRoute: () => settings,
  path: 'memory',
  component: lazyRouteComponent(() => import('./features/memories/memory-settings.tsx'), 'MemorySettings'),
})
const data = createRoute({
  getParentRoute: () => settings,
  path: 'data',
  component: lazyRouteComponent(() => import('./features/transfer/data-settings.tsx'), 'DataSettings'),
})
const importReport = createRoute({
  getParentRoute: () => settings,
  path: 'data/$importId',
  validateSearch: readReportAddress,
  component: lazyRouteComponent(() => import('./features/transfer/import-report.tsx'), 'ImportReport'),
})
const people = createRoute({
  getParentRoute: () => settings,
  path: 'people',
  component: lazyRouteComponent(() => import('./features/people/people-settings.tsx'), 'PeopleSettings'),
})
const addons = createRoute({
  getParentRoute: () => settings,
  path: 'addons',
  component: lazyRouteComponent(() => import('./features/addons/addon-settings.tsx'), 'AddonSettings'),
})
const customTools = createRoute({
  getParentRoute: () => settings,
  path: 'custom-tools',
  component: lazyRouteComponent(() => import('./features/custom-tools/custom-tool-settings.tsx'), 'CustomToolSettings'),
})
const guardrails = createRoute({
  getParentRoute: () => settings,
  path: 'guardrails',
  component: lazyRouteComponent(() => import('./features/guardrails/guardrail-settings.tsx'), 'GuardrailSettings'),
})
const guardrail = createRoute({
  getParentRoute: () => settings,
  path: 'guardrails/$guardrailId',
  component: lazyRouteComponent(() => import('./features/guardrails/guardrail-screen.tsx'), 'GuardrailScreen'),
})

const connections = createRoute({
  getParentRoute: () => settings,
  path: 'connections',
  component: lazyRouteComponent(() => import('./features/connections/connection-settings.tsx'), 'ConnectionSettings'),
})
const models = createRoute({
  getParentRoute: () => settings,
  path: 'models',
  validateSearch: (search: Record<string, unknown>): { q?: string; sort?: string } => ({
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(typeof search.sort === 'string' ? { sort: search.sort } : {}),
  }),
  component: lazyRouteComponent(() => import('./features/models/model-settings.tsx'), 'ModelSettings'),
})
const workspace = createRoute({
  getParentRoute: () => settings,
  path: 'workspace',
  component: lazyRouteComponent(() => import('./features/workspaces/workspace-settings.tsx'), 'WorkspaceSettings'),
})
const channels = createRoute({
  getParentRoute: () => settings,
  path: 'channels',
  component: lazyRouteComponent(() => import('./features/inbox/channel-settings.tsx'), 'ChannelSettings'),
})
const toolServers = createRoute({
  getParentRoute: () => settings,
  path: 'tool-servers',
  component: lazyRouteComponent(() => import('./features/mcp-servers/server-settings.tsx'), 'ServerSettings'),
})
const toolServerSignedIn = createRoute({
  getParentRoute: () => settings,
  path: 'tool-servers/signed-in',
  component: lazyRouteComponent(() => import('./features/mcp-servers/signed-in.tsx'), 'SignedIn'),
})
const toolServer = createRoute({
  getParentRoute: () => settings,
  path: 'tool-servers/$serverId',
  component: lazyRouteComponent(() => import('./features/mcp-servers/server-screen.tsx'), 'ServerScreen'),
})
const usage = createRoute({
  getParentRoute: () => settings,
  path: 'usage',
  component: lazyRouteComponent(() => import('./features/usage/usage-settings.tsx'), 'UsageSettings'),
})

const page = createRoute({
  getParentRoute: () => settings,
  path: 'page',
  validateSearch: (search: Record<string, unknown>): { part?: 'bot' | undefined } => ({ part: search.part === 'bot' ? 'bot' : undefined }),
  component: lazyRouteComponent(() => import('./features/pages/page-settings.tsx'), 'PageSettings'),
})

const routeTree = root.addChildren([
  signIn,
  signUp,
  enter,
  app.addChildren([
    authorize,
    conversationsFrame.addChildren([
      home,
      conversation,
      allConversations,
      search,
      inbox,
      inboxConversation,
      highlights,
      prompts,
      prompt,
      agents,
      installPackage,
      agent,
      sharedConversation,
    ]),
    settings.addChildren([
      settingsIndex,
      profile,
      appearance,
      account,
      sessions,
      apiKeys,
      apps,
      shares,
      memories,
      data,
      importReport,
      people,
      addons,
      connections,
      customTools,
      guardrails,
      guardrail,
      models,
      workspace,
      channels,
      toolServers,
      toolServerSignedIn,
      toolServer,
      usage,
      page,
    ]),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  // TanStack Query decides what is fresh.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: ScreenError,
  defaultPendingMs: 300,
  scrollRestoration: false,
})

whenSignedOut(() => {
  // Nobody was in yet: the first question of the app found that out, and leads to the sign-in page by itself.
  if (queryClient.getQueryData(query.people.me.queryKey()) === undefined) return
  const { pathname, href } = router.state.location
  if (['/sign-in', '/sign-up', '/enter'].includes(pathname)) return
  stopLive()
  void router.navigate({ to: '/sign-in', search: pathname === '/' ? {} : { next: addressToReturnTo(pathname, href) }, replace: true })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

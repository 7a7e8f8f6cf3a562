import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type Person, startTestApp } from '../test-app.ts'
import { conversationWith, eventually, messagesOf, scripted, startTurn } from '../turn-client.ts'

/** How often a person is willing to sign in once more. */
const maxSignIns = 2

/** A person of a real app adds the server, signs in there by what the app says, has its tools listed, and a model call each. */
export async function signedInCalls(url: string, client: { client_id?: string; client_secret?: string }): Promise<void> {
  const provider: ProviderServer = await startProviderServer({ port: 0 })
  const app = await startTestApp({
    env: {
      OPENAI_API_KEY: 'sk-test-0000',
      OPENAI_BASE_URL: provider.baseUrl('openai'),
      OLLAMA_BASE_URL: 'off',
      EGRESS_ALLOW: 'localhost,127.0.0.1',
    },
  })
  try {
    await app.app.listing?.firstRound
    const [person] = await app.people('person')
    const { id, slug } = await person.get('mcpServers.create', {
      workspaceId: person.workspaceId,
      name: 'Conformance',
      transport: 'http',
      url,
      credentials: 'oauth',
      ...(client.client_id && {
        oauthClient: { clientId: client.client_id, ...(client.client_secret && { clientSecret: client.client_secret }) },
      }),
    })
    if (!(await signIn(person, id))) return
    let server = await person.get('mcpServers.test', { id })
    // The server may have moved to another authorisation server, or want more.
    for (let again = 0; (server.status !== 'connected' || server.myCredential !== 'ready') && again < maxSignIns; again++) {
      console.error(`test: ${server.status} ${server.statusReason ?? server.myCredential}`)
      if (!(await signIn(person, id))) return
      server = await person.get('mcpServers.test', { id })
    }
    const tools = await person.get('mcpServers.listTools', { id })
    if (tools.length === 0) return
    await person.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
    for (const { callName } of tools) await callByModel(person, id, callName.startsWith(slug) ? callName : `${slug}__${callName}`)
  } finally {
    await app[Symbol.asyncDispose]()
    await provider.close()
  }
}

/** What a browser does, and the screen to which it comes back. */
async function signIn(person: Person, id: string): Promise<boolean> {
  const begun = await person.call('mcpServers.authorize', { id })
  if (!begun.ok) return (console.error(`authorize: ${JSON.stringify(begun.problem)}`), false)
  const answer = await fetch((begun.value as { url: string }).url, { redirect: 'manual' })
  const back = answer.headers.get('location')
  if (!back) return (console.error(`the sign-in answered with ${answer.status}`), false)
  const brought = Object.fromEntries([...new URL(back).searchParams].filter(([name]) => ['state', 'code', 'iss', 'error'].includes(name)))
  const finished = await person.call('mcpServers.finishAuthorization', brought as never)
  if (!finished.ok) console.error(`finish: ${JSON.stringify(finished.problem)}`)
  return finished.ok
}

async function callByModel(person: Person, serverId: string, name: string): Promise<void> {
  const conversationId = await conversationWith(person, 'gpt-4o')
  const response = await startTurn(person, conversationId, { text: scripted({ toolRounds: [[{ name, arguments: {} }]], text: 'done' }) })
  void response.body?.cancel()
  const seen = new Set<string>()
  for (let signIns = 0; signIns <= maxSignIns; signIns++) {
    const part = await eventually(
      async () => (await messagesOf(person, conversationId)).at(-1)!.parts[0],
      (one) =>
        one?.type === 'tool-call' &&
        (one.state !== 'running' || (one.questions ?? []).some(({ id, state }) => state === 'asked' && !seen.has(id))),
    )
    const open = part?.type === 'tool-call' ? part.questions?.find(({ state }) => state === 'asked') : undefined
    if (!open) return console.error(`${name}: ${part?.type === 'tool-call' ? `${part.state} ${part.result}` : 'nothing'}`)
    seen.add(open.id)
    if (!(await signIn(person, serverId))) await person.call('toolQuestions.answer', { id: open.id, action: 'decline' })
  }
}

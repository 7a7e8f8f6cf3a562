import { leavesConnection, McpFailure, type McpSession } from '../../platform/mcp/index.ts'
import { newId } from '../../platform/ids.ts'
import { announceChange } from './announce-change.ts'
import { openingOf } from './connect.ts'
import { type DescribedTool, describeTool, type ListedTool } from './describe-tool.ts'
import { type DescribedPrompt, describePrompt } from './describe-prompt.ts'
import type { McpDeps } from './mcp-deps.ts'
import { noteOpened } from './note-status.ts'
import { savePrompts } from './prompt-store.ts'
import * as store from './store.ts'

const listTimeoutMs = 30_000
/** A server that says all the time that its list has changed is asked so often. */
const restMs = 5_000

/** Asks the server for its tools and prompts and keeps the lists. Errors: `McpFailure`. */
export async function refreshTools(deps: McpDeps, server: store.ServerRow, userId: string | null, signal: AbortSignal): Promise<void> {
  const { listed, prompts } = await deps.pool.use(openingOf(deps, server, userId), signal, async (session) => {
    // Before the list, so that who asked for it sees the status with it.
    await noteOpened(deps, server, session)
    const listed = await session.listTools(signal, listTimeoutMs)
    // Consent to a package is consent to its tools, and for its agent: its prompts would be offered to the whole workspace.
    return { listed, prompts: server.offers === null ? await promptsOf(session, signal) : [] }
  })
  const rows = describeAll(server.slug, listed)
    .filter(({ name }) => isOffered(server, name))
    .map((tool) => rowOf(server, tool))
  const announce = await deps.db.transaction().execute(async (tx) => {
    const current = await store.readServer(tx, server.workspace_id, server.id)
    if (!current) return undefined
    const { isNews, changedNames } = await store.saveTools(tx, server, rows)
    if (changedNames.length > 0) await deps.forgetAllowed(tx, server.workspace_id, changedNames)
    const isPromptNews = await savePrompts(tx, server, prompts)
    if (!isNews && !isPromptNews) return undefined
    return announceChange(deps, tx, server.workspace_id)
  })
  announce?.()
}

/** A server whose prompts cannot be listed has tools all the same. */
async function promptsOf(session: McpSession, signal: AbortSignal): Promise<DescribedPrompt[]> {
  try {
    return (await session.listPrompts(signal, listTimeoutMs)).flatMap((prompt) => describePrompt(prompt) ?? [])
  } catch (error) {
    if (error instanceof McpFailure && leavesConnection(error)) return []
    throw error
  }
}

const refreshing = new Map<string, 'running' | 'again'>()

/** After the server said that its list has changed: once at a time, and again if it said so meanwhile. */
export function refreshSoon(deps: McpDeps, server: store.ServerRow, userId: string | null): void {
  if (refreshing.has(server.id)) return void refreshing.set(server.id, 'again')
  refreshing.set(server.id, 'running')
  void (async () => {
    try {
      await refreshTools(deps, server, userId, AbortSignal.timeout(listTimeoutMs))
    } catch (error) {
      if (!(error instanceof McpFailure))
        deps.log.warn({ err: error, mcpServerId: server.id }, 'the tools of a server could not be listed again')
    }
    setTimeout(() => {
      const isAgain = refreshing.get(server.id) === 'again'
      refreshing.delete(server.id)
      if (isAgain && deps.pool.has(server.id)) refreshSoon(deps, server, userId)
    }, restMs).unref()
  })()
}

/** Each name once: what a server lists twice, it lists wrongly. */
function describeAll(slug: string, listed: readonly ListedTool[]): DescribedTool[] {
  const seen = new Set<string>()
  return listed.flatMap((tool) => {
    const described = describeTool(slug, tool)
    if (!described || seen.has(described.name) || seen.has(described.callName)) return []
    seen.add(described.name).add(described.callName)
    return [described]
  })
}

function rowOf(server: store.ServerRow, tool: DescribedTool) {
  return {
    id: newId(),
    workspace_id: server.workspace_id,
    server_id: server.id,
    name: tool.name,
    call_name: tool.callName,
    title: tool.title,
    description: tool.description,
    input_schema: JSON.stringify(tool.inputSchema),
    hints: JSON.stringify(tool.hints),
    hash: tool.hash,
    ...(server.offers && { permission: server.offers[tool.name]! }),
  }
}

/** Of a package's program only what consent was given to. */
export const isOffered = ({ offers }: Pick<store.ServerRow, 'offers'>, name: string): boolean =>
  offers === null || Object.hasOwn(offers, name)

import type { mcpServers as contract } from '../../../contract/mcp-servers.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { McpFailure, plainWords } from '../../platform/mcp/index.ts'
import { requireServer } from './access.ts'
import { openingOf, userOf } from './connect.ts'
import type { McpDeps } from './mcp-deps.ts'
import * as store from './prompt-store.ts'
import { wordsOfResult } from './result-words.ts'

const promptTimeoutMs = 30_000
const maxTextLength = 100_000

export async function listPrompts(
  deps: Pick<McpDeps, 'db'>,
  actor: Actor,
  workspaceId: string,
): Promise<OutputOf<typeof contract.listPrompts>> {
  check(actor, 'mcp-server', 'read', { workspaceId })
  return (await store.listPrompts(deps.db, workspaceId)).map((row) => ({
    id: row.id,
    serverId: row.server_id,
    serverName: row.server_name,
    name: row.name,
    title: row.title,
    description: row.description,
    arguments: row.arguments,
  }))
}

/** The prompt's words, for the person to read before they send them. Errors: `mcp-prompt.not_found`, `mcp-server.failed`. */
export async function usePrompt(
  deps: McpDeps,
  actor: Actor,
  { id, arguments: given }: InputOf<typeof contract.usePrompt>,
): Promise<OutputOf<typeof contract.usePrompt>> {
  const row = await store.findPrompt(deps.db, workspaceIdsOf(actor), id)
  if (!row) throw new AppError('mcp-prompt.not_found')
  const server = await requireServer(deps.db, actor, 'use', row.server_id)
  requireArguments(row, given)
  const signal = AbortSignal.timeout(promptTimeoutMs)
  try {
    const { messages } = await deps.pool.use(openingOf(deps, server, userOf(server, actor.principalId)), signal, (session) =>
      session.getPrompt(row.name, given, signal, promptTimeoutMs),
    )
    const several = messages.length > 1
    const said = messages.map(({ role, content }) => {
      const words = wordsOfResult({ content: [content] })
      return several && role === 'assistant' ? `Assistant: ${words}` : words
    })
    return { text: plainWords(said.join('\n\n'), maxTextLength, 'keep') }
  } catch (error) {
    if (error instanceof McpFailure) throw new AppError('mcp-server.failed', { detail: error.message, cause: error })
    if (signal.aborted) throw new AppError('mcp-server.failed', { detail: 'The server did not answer in time.', cause: error })
    throw error
  }
}

function requireArguments(row: store.PromptRow, given: Readonly<Record<string, string>>): void {
  const issues = [
    ...row.arguments
      .filter(({ name, isRequired }) => isRequired && !given[name]?.trim())
      .map(({ name }) => ({ path: ['arguments', name], message: 'is needed' })),
    ...Object.keys(given)
      .filter((name) => !row.arguments.some((argument) => argument.name === name))
      .map((name) => ({ path: ['arguments', name], message: 'is not asked for' })),
  ]
  if (issues.length > 0) throw new AppError('request.invalid', { issues })
}

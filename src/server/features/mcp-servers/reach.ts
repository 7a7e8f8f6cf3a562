import { McpFailure, type McpSession } from '../../platform/mcp/index.ts'
import { type ToolContext, ToolFailure } from '../tools/index.ts'
import { longMs } from './answer-server.ts'
import { openingOf, userOf } from './connect.ts'
import type { McpDeps } from './mcp-deps.ts'
import type { ServerRow } from './store.ts'

/** What a sign-in that is asked for again and again is worth. */
const maxSignIns = 2

/**
 * Uses a connection of the server. Where the person's own credentials are missing they are asked to connect, and the call goes on by itself once they have;
 * `memo` is with what it goes on after an interruption meanwhile.
 */
export async function reach<T>(
  deps: McpDeps,
  server: ServerRow,
  context: ToolContext,
  memo: { round: number },
  run: (session: McpSession) => Promise<T>,
): Promise<T> {
  for (let signIns = 0; ; signIns++) {
    try {
      return await deps.pool.use(openingOf(deps, server, userOf(server, context.actorId)), context.signal, run)
    } catch (error) {
      if (!(error instanceof McpFailure)) throw error
      const isTheirs = error.kind === 'unauthorized' && server.credentials !== 'shared'
      if (isTheirs && signIns < maxSignIns && (await hasConnected(server, context, memo, signIns, error.scope))) continue
      if (isTheirs)
        throw new ToolFailure(
          `“${server.name}” wants this person's own credentials. They can give them in the settings, under Tool servers. Go on without it.`,
        )
      throw new ToolFailure(`“${server.name}” could not do this. ${error.message}`)
    }
  }
}

/** A refused call has done nothing, so it may begin again also after an interruption. */
async function hasConnected(
  server: ServerRow,
  { questions }: ToolContext,
  memo: { round: number },
  signIns: number,
  scope: string | undefined,
): Promise<boolean> {
  if (!questions) return false
  await questions.keep(memo)
  const { action } = await questions.ask({
    key: `connect:${memo.round}:${signIns}`,
    body: {
      kind: 'connect',
      source: server.name,
      serverId: server.id as never,
      how: server.credentials === 'oauth' ? 'sign-in' : 'headers',
      scope: scope ?? null,
    },
    limitMs: longMs,
  })
  await questions.keep(null)
  return action === 'accept'
}

import { z } from 'zod'
import { defineJob, type JobDefinition } from '../../platform/jobs/index.ts'
import { McpFailure } from '../../platform/mcp/index.ts'
import { claimDue, noteCheck } from './check-store.ts'
import type { McpDeps } from './mcp-deps.ts'
import { noteFailure } from './note-status.ts'
import { refreshTools } from './refresh-tools.ts'
import { readServer } from './store.ts'

const timeoutMs = 20_000
/** At the same time, of all workspaces together. */
const maxAtOnce = 8
/** In one go: even if none answers, it ends before its claims do. */
const maxInOneGo = 48
/** Longer than an idle connection lives, so that asking keeps none awake that nobody uses. */
const healthyMs = 10 * 60_000
const firstPauseMs = 60_000
const longestPauseMs = 60 * 60_000

/** Asks the servers of tools that are due whether they are there, once for all processes; one that came back is taken up with its tools as they are now. */
export function checkServersJob(deps: McpDeps): JobDefinition {
  return defineJob('tool-servers', z.undefined(), (_, { signal }) => checkServers(deps, signal), {
    cron: '* * * * *',
    policy: 'one-waiting',
    retries: { limit: 0, delaySeconds: 1 },
    timeoutSeconds: 300,
  })
}

async function checkServers(deps: McpDeps, signal: AbortSignal): Promise<void> {
  const due = await claimDue(deps.database.background, maxInOneGo)
  const next = due[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: maxAtOnce }, async () => {
      for (const one of next) if (!signal.aborted) await checkOne(deps, one, signal)
    }),
  )
}

async function checkOne(deps: McpDeps, claimed: Awaited<ReturnType<typeof claimDue>>[number], signal: AbortSignal): Promise<void> {
  const server = await readServer(deps.db, claimed.workspace_id, claimed.id)
  if (!server?.is_enabled) return
  let isThere = true
  try {
    // What failed rests in this process, too; a failure that is only remembered would say nothing.
    if (server.status === 'error') await deps.pool.drop(`${server.id}:`)
    await refreshTools(deps, server, null, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
  } catch (error) {
    if (signal.aborted) return
    const failure = error instanceof McpFailure ? error : new McpFailure('timeout', 'The server did not answer in time.', error)
    // Too many in use here says nothing of the server.
    if (failure.kind === 'busy' || failure.kind === 'stopped') return
    isThere = false
    await noteFailure(deps, server, null, failure)
  }
  const failures = isThere ? 0 : claimed.check_failures + 1
  await noteCheck(deps.db, server, failures, new Date(Date.now() + pauseAfter(failures)))
}

/** Doubles with each failure in a row, and a fifth of it is chance: what failed together does not come back together. */
export function pauseAfter(failures: number, chance = Math.random()): number {
  const pause = failures === 0 ? healthyMs : Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
  return Math.round(pause * (0.9 + chance * 0.2))
}

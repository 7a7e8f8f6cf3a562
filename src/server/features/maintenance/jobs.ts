import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { deleteExpiredApps } from '../apps/index.ts'
import { forgetEvents } from '../channels/index.ts'
import { sweepPackages } from '../agent-packages/index.ts'
import { purgeAgents } from '../agents/index.ts'
import { type ConversationDeps, eraseTemporary, purgeConversations, trashUntouched } from '../conversations/index.ts'
import { type FileDeps, sweepFiles } from '../files/index.ts'
import { removeOldVerdicts } from '../guardrails/index.ts'
import { purgePrompts } from '../prompts/index.ts'
import { checkIndex } from '../search/index.ts'
import { deleteExpired } from '../people/index.ts'
import { sweepProcesses } from '../turns/index.ts'
import { tidyVisits } from '../visits/index.ts'
import { defineJob, type JobDefinition } from '../../platform/jobs/index.ts'
import { keepPartitions } from './keep-partitions.ts'

const nothing = z.undefined()

/** What the server does for itself, once for all of its processes. */
export function maintenanceJobs(
  deps: Pick<Deps, 'config' | 'database' | 'log'> &
    Pick<ConversationDeps, 'userStreams' | 'stopConversation'> &
    Pick<FileDeps, 'files' | 'inspector' | 'llm'>,
): JobDefinition[] {
  const { background } = deps.database
  return [
    defineJob('partitions', nothing, () => keepPartitions(deps), { cron: '7 * * * *', policy: 'one-waiting' }),
    defineJob(
      'expired',
      nothing,
      async (_, { signal }) => {
        await deleteExpired(background)
        await deleteExpiredApps(background)
        await sweepProcesses(background)
        await purgeConversations(background, signal)
      },
      { cron: '23 * * * *', policy: 'one-waiting', timeoutSeconds: 3600 },
    ),
    defineJob('temporary', nothing, (_, { signal }) => eraseTemporary({ ...deps, db: background }, signal), {
      cron: '*/5 * * * *',
      policy: 'one-waiting',
    }),
    defineJob('files', nothing, (_, { signal }) => sweepFiles({ ...deps, db: background }, signal), {
      cron: '*/5 * * * *',
      policy: 'one-waiting',
      timeoutSeconds: 1800,
    }),
    defineJob('visits', nothing, (_, { signal }) => tidyVisits(background, signal), { cron: '*/5 * * * *', policy: 'one-waiting' }),
    defineJob(
      'purge',
      nothing,
      async (_, { signal }) => {
        await trashUntouched(background, signal)
        await forgetEvents(background, signal)
        await purgePrompts(background)
        await purgeAgents(background)
        await sweepPackages({ ...deps, db: background })
        await removeOldVerdicts(background)
        await checkIndex(background)
      },
      { cron: '41 3 * * *', policy: 'one-waiting', timeoutSeconds: 3600 },
    ),
  ]
}

import type { z } from 'zod'
import type { Unanswered } from '../../../contract/bots.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import * as store from './unanswered-store.ts'

export async function listUnanswered(deps: Pick<PagesDeps, 'db'>, actor: Actor, pageId: string): Promise<z.input<typeof Unanswered>[]> {
  await openPage(deps, actor, 'read', pageId)
  const rows = await store.listUnanswered(deps.db, pageId)
  return rows.map((row) => ({
    id: row.id,
    question: row.question,
    reason: row.reason,
    timesAsked: row.times_asked,
    lastAskedAt: row.last_asked_at.toISOString(),
  }))
}

/** Error: `unanswered.not_found`. */
export async function dismissUnanswered(deps: Pick<PagesDeps, 'db'>, actor: Actor, input: { pageId: string; unansweredId: string }) {
  await openPage(deps, actor, 'update', input.pageId)
  if (!(await store.deleteUnanswered(deps.db, input.pageId, input.unansweredId))) throw new AppError('unanswered.not_found')
  return { ok: true as const }
}

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { SurfaceAction } from '../../../contract/visits.ts'
import { actionOf } from '../../platform/a2ui/index.ts'
import { check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { findParts } from '../conversations/index.ts'
import { findPageContents, type PageContents } from '../pages/index.ts'
import { showDirectly } from './show-directly.ts'
import * as store from './store.ts'
import { answerSurface, showAnswer } from './surfaces/faq-surface.ts'
import type { VisitDeps, Visitor } from './visit-deps.ts'
import type { Surface } from '../tools/index.ts'

interface Shown {
  said: string
  shown: Surface
}

/** What the buttons of surfaces do. Each is handled here, exactly, and asks no model. Undefined: it means nothing any more. */
const handlers: Record<string, (contents: PageContents, context: Record<string, unknown>) => Promise<Shown | undefined>> = {
  [showAnswer]: async ({ faq }, context) => {
    const { data } = z.strictObject({ faqId: z.uuid() }).safeParse(context)
    const entry = faq.find(({ id }) => id === data?.faqId)
    return entry && { said: entry.question, shown: await answerSurface(entry) }
  },
}

/**
 * An action of a surface that this visit shows. What the client says is compared with what the surface declares: component, name, and a context with these keys
 * and values and no others. Errors: `message.not_found`, `surface.action_invalid`, `request.rate_limited`.
 */
export async function actInSurface(
  deps: VisitDeps,
  visitor: Visitor,
  { key, messageId, action }: { key: string; messageId: string; action: SurfaceAction },
): Promise<{ messageId: string }> {
  const { actor, page } = visitor
  check(actor, 'turn', 'create', 'own')
  await deps.limit('visitor-message', actor.principalId)
  const visit = await store.findVisit(deps.db, actor.principalId, page.bot.visitMinutes)
  const parts = visit && (await findParts(deps.db, { ownerId: actor.principalId, conversationId: visit.conversation_id, messageId }))
  if (!parts) throw new AppError('message.not_found')

  const surface = parts.find((part) => part.type === 'surface' && part.surfaceId === action.surfaceId)
  const declared = surface?.type === 'surface' ? actionOf(surface.messages, action.sourceComponentId) : undefined
  if (declared?.name !== action.name || !isDeepStrictEqual(declared.context, action.context)) throw new AppError('surface.action_invalid')
  const contents = await findPageContents(deps.db, page.workspaceId)
  const done = contents && (await handlers[action.name]?.(contents, declared.context))
  if (!done) throw new AppError('surface.action_invalid')
  return showDirectly(deps, visitor, { key, ...done })
}

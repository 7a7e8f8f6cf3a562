import { check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { findPageContents } from '../pages/index.ts'
import { say } from './say.ts'
import { showDirectly } from './show-directly.ts'
import { showByItself } from './tools/page-tools.ts'
import type { VisitDeps, Visitor } from './visit-deps.ts'

/** A quick action by its position: a question is asked, what a tool shows is shown without asking a model. */
export async function pressQuickAction(
  deps: VisitDeps,
  visitor: Visitor,
  { key, index }: { key: string; index: number },
): Promise<{ messageId: string }> {
  const { actor, page } = visitor
  check(actor, 'turn', 'create', 'own')
  const quick = page.bot.quickActions[index]
  if (!quick) throw new AppError('surface.action_invalid')
  if (quick.kind === 'question') return say(deps, visitor, { key, text: quick.text })
  await deps.limit('visitor-message', actor.principalId)
  const contents = await findPageContents(deps.db, page.workspaceId)
  const shown = contents && (await showByItself(deps, contents, quick.tool))
  return showDirectly(deps, visitor, { key, said: quick.label, shown: shown?.surface })
}

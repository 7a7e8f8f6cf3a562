import type { workspaces } from '../../../contract/workspaces.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { presentSettings } from './present.ts'
import * as store from './store.ts'
import type { WorkspacesDeps } from './workspaces-deps.ts'

type Input = InputOf<(typeof workspaces)['updateSettings']>

/** Null takes a setting back; what is not named stays. Error: `model.not_found` for a model that cannot be used there. */
export async function updateSettings(
  deps: Pick<WorkspacesDeps, 'db' | 'assertModelUsable' | 'onSettingsChanged' | 'tell' | 'listMemberIds'>,
  actor: Actor,
  { workspaceId, ...changes }: Input,
) {
  check(actor, 'workspace', 'update', { workspaceId })
  if (changes.defaultModelId) await deps.assertModelUsable(actor, changes.defaultModelId, workspaceId)
  const { row, announce } = await deps.db.transaction().execute(async (tx) => {
    const changed = await store.updateSettings(tx, workspaceId, {
      default_model_id: changes.defaultModelId,
      system_prompt: changes.systemPrompt === '' ? null : changes.systemPrompt,
      thinking: changes.thinking,
      temperature: changes.temperature,
      max_tokens: changes.maxTokens,
      top_p: changes.topP,
      frequency_penalty: changes.frequencyPenalty,
      presence_penalty: changes.presencePenalty,
      trash_after_days: changes.trashAfterDays,
      purge_after_days: changes.purgeAfterDays,
    })
    if (!changed) throw new AppError('workspace.not_found')
    return { row: changed, announce: await deps.tell(tx, await deps.listMemberIds(tx, workspaceId), { type: 'settings-changed' }) }
  })
  announce()
  deps.onSettingsChanged(workspaceId)
  return presentSettings(row)
}

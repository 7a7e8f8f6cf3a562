import type { models } from '../../../contract/models.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import type { ModelsDeps } from './models-deps.ts'
import { presentModel } from './present.ts'
import type { NamedModel } from './named-models.ts'
import * as store from './store.ts'

export async function listModels(deps: ModelsDeps, actor: Actor, workspaceId: string): Promise<OutputOf<(typeof models)['list']>> {
  check(actor, 'model', 'read', { workspaceId })
  const [rows, { model, modelOrigin }] = await Promise.all([
    store.listUsableModels(deps.db, actor.principalId, workspaceId),
    deps.resolver.resolve(actor, { workspaceId }),
  ])
  return { models: rows.map(presentModel), effective: { modelId: model.id, origin: modelOrigin } }
}

/** A model by the name a program uses: `gpt-4o`, or `openai/gpt-4o` where two providers have one of that name. The first that would be listed wins. */
export async function findModelByName(
  deps: Pick<ModelsDeps, 'resolver'>,
  actor: Actor,
  workspaceId: string,
  name: string,
): Promise<NamedModel | undefined> {
  check(actor, 'model', 'use', { workspaceId })
  return (await deps.resolver.listNamed(actor, workspaceId)).find(name)
}

/** What programs may call there, each under its name. */
export async function listNamedModels(deps: Pick<ModelsDeps, 'resolver'>, actor: Actor, workspaceId: string): Promise<NamedModel[]> {
  check(actor, 'model', 'use', { workspaceId })
  return (await deps.resolver.listNamed(actor, workspaceId)).list
}

/** Error: `model.not_found`: what cannot be used must not become somebody's default. */
export async function assertModelUsable(
  deps: Pick<ModelsDeps, 'db'>,
  actor: Actor,
  modelId: string,
  workspaceId = actor.homeWorkspaceId,
): Promise<void> {
  if (!(await store.isUsable(deps.db, actor.principalId, workspaceId, modelId))) throw new AppError('model.not_found')
}

/** Error: `connection.not_found`. */
export async function assertConnectionUsable(
  deps: Pick<ModelsDeps, 'db'>,
  actor: Actor,
  connectionId: string,
  workspaceId: string,
): Promise<void> {
  if (!(await store.isInReach(deps.db, actor.principalId, workspaceId, connectionId))) throw new AppError('connection.not_found')
}

import { setTimeout as sleep } from 'node:timers/promises'
import { findModelByName, listNamedModels, type NamedModel } from '../../features/models/index.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { OpenAiDeps } from './openai-deps.ts'

const listingPatienceMs = 5_000

/** `GET /v1/models`: what the caller may use, chat and embedding models alike. */
export async function listModels(deps: OpenAiDeps, actor: Actor) {
  const models = await listNamedModels(deps, actor, actor.homeWorkspaceId)
  return { object: 'list', data: models.map(present) }
}

/** `GET /v1/models/{id}`. Error: `model.not_found`. */
export async function getModel(deps: OpenAiDeps, actor: Actor, name: string) {
  return { ...present(await find(deps, actor, name)), id: name }
}

/** The model that a request names. Error: `model.not_found`. */
export async function requireModel(deps: OpenAiDeps, actor: Actor, name: string, kind: 'chat' | 'embedding'): Promise<NamedModel> {
  const found = await find(deps, actor, name)
  if (found.kind !== kind) {
    throw new AppError('model.not_found', { detail: `${name} is no ${kind === 'chat' ? 'chat' : 'embedding'} model.` })
  }
  return found
}

/** A script that asks right after a first start may be faster than the providers' lists. */
async function find(deps: OpenAiDeps, actor: Actor, name: string): Promise<NamedModel> {
  const known = await findModelByName(deps, actor, actor.homeWorkspaceId, name)
  if (known) return known
  await Promise.race([deps.whenListed(), sleep(listingPatienceMs, undefined, { ref: false })])
  const found = await findModelByName(deps, actor, actor.homeWorkspaceId, name)
  if (!found) throw unknownModel(name)
  return found
}

function unknownModel(name: string): AppError {
  return new AppError('model.not_found', {
    detail: `${JSON.stringify(name)} does not exist, or you have no access to it. GET /v1/models lists what you can use.`,
  })
}

function present({ name, provider, createdAt }: NamedModel) {
  return { id: name, object: 'model', created: Math.floor(createdAt.getTime() / 1000), owned_by: provider }
}

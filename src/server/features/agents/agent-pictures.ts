import { imageSize } from 'image-size'
import { agentLimits } from '../../../contract/agent-choices.ts'
import type { Agent, agents as contract } from '../../../contract/agents.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { type AgentDeps, readerOf } from './agent-deps.ts'
import { lock, transact } from './change-agents.ts'
import * as pictures from './picture-store.ts'
import * as store from './store.ts'

/** By what is in the file. No SVG: it is a document. No GIF: nothing moves beside a name. */
const types: Record<string, pictures.PictureRow['mime']> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' }

export async function setAgentPicture(deps: AgentDeps, actor: Actor, { id, base64 }: InputOf<typeof contract.setPicture>): Promise<Agent> {
  check(actor, 'agent', 'update', 'own')
  // Whoever may not change it learns nothing, not even of their own file.
  const before = await store.find(deps.db, readerOf(actor), id)
  if (!before?.may_edit) throw new AppError('agent.not_found')
  const picture = checkPicture(Buffer.from(base64, 'base64'))
  return transact(deps, actor, async (tx) => {
    const row = await lock(tx, actor, id)
    await pictures.putPicture(tx, row, picture)
    await store.update(tx, id, { version: row.version })
    return id
  })
}

/** It has its emoji then. */
export async function removeAgentPicture(deps: AgentDeps, actor: Actor, id: string): Promise<Agent> {
  check(actor, 'agent', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const row = await lock(tx, actor, id)
    await pictures.removePicture(tx, id)
    await store.update(tx, id, { version: row.version })
    return id
  })
}

/** For who may use the agent, and nobody else. */
export async function getAgentPicture(deps: Pick<AgentDeps, 'db'>, actor: Actor, id: string): Promise<pictures.PictureRow> {
  check(actor, 'agent', 'read', 'own')
  if (!(await store.find(deps.db, readerOf(actor), id))) throw new AppError('agent.not_found')
  const picture = await pictures.findPicture(deps.db, id)
  if (!picture) throw new AppError('agent.picture_missing')
  return picture
}

function checkPicture(bytes: Buffer): Omit<pictures.PictureRow, 'id'> {
  if (bytes.length > agentLimits.pictureBytes) throw new AppError('agent.picture_too_large')
  let found: { type?: string | undefined; width: number; height: number } | undefined
  try {
    found = imageSize(bytes)
  } catch {
    // Not a picture, or a broken one.
  }
  const mime = types[found?.type ?? '']
  if (!found || !mime || !(found.width > 0 && found.height > 0)) throw new AppError('agent.picture_unsupported')
  if (Math.max(found.width, found.height) > agentLimits.pictureSide) throw new AppError('agent.picture_too_large')
  return { mime, bytes }
}

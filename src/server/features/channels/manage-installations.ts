import { randomBytes } from 'node:crypto'
import type { Installation, installations } from '../../../contract/channels.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { Secret } from '../../platform/vault/index.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { unlinkContacts } from './contact-store.ts'
import * as store from './installation-store.ts'
import { SendFailure, type Settings } from './platforms/platform.ts'
import { getTelegramBot, removeTelegramWebhook, setTelegramWebhook } from './platforms/telegram-api.ts'
import { newWebhookSecret, withNewSecret } from './platforms/webhook-secrets.ts'
import { presentInstallation } from './present.ts'
import { openSettings, sealSettings } from './settings.ts'

type Create = InputOf<(typeof installations)['create']>
type Update = InputOf<(typeof installations)['update']>

export async function listInstallations(deps: ChannelDeps, actor: Actor, workspaceId: string): Promise<Installation[]> {
  check(actor, 'installation', 'read', { workspaceId })
  return (await store.list(deps.db, workspaceId)).map((row) => presentInstallation(deps, row))
}

/** Kept only after the platform took its settings. */
export async function createInstallation(
  deps: ChannelDeps,
  actor: Actor,
  input: Create,
): Promise<{ installation: Installation; secret: string | null }> {
  check(actor, 'installation', 'create', { workspaceId: input.workspaceId })
  if (input.agentId) await deps.assertAgentUsable(actor, input.agentId, input.workspaceId)
  const id = newId()
  const { settings, secret } = await settingsOf(deps, id, input)
  const place = { id, workspace_id: input.workspaceId }
  const row = await store.insert(deps.db, {
    ...place,
    platform: input.settings.platform,
    name: input.name,
    agent_id: input.agentId ?? null,
    sealed_settings: sealSettings(deps.vault, place, settings),
    verifies_email: input.settings.platform === 'webhook' && input.settings.verifiesEmail,
  })
  return { installation: presentInstallation(deps, row), secret }
}

export async function updateInstallation(deps: ChannelDeps, actor: Actor, input: Update): Promise<Installation> {
  const row = await requireInstallation(deps, actor, input.id)
  check(actor, 'installation', 'update', { workspaceId: row.workspace_id })
  if (input.agentId) await deps.assertAgentUsable(actor, input.agentId, row.workspace_id)
  if (input.verifiesEmail && row.platform !== 'webhook')
    throw new AppError('request.invalid', { issues: [{ path: ['verifiesEmail'], message: 'is for webhooks' }] })
  const changes = {
    ...(input.name !== undefined && { name: input.name }),
    ...(input.isEnabled !== undefined && { is_enabled: input.isEnabled }),
    ...(input.agentId !== undefined && { agent_id: input.agentId }),
    ...(input.verifiesEmail !== undefined && { verifies_email: input.verifiesEmail }),
  }
  const changed = await deps.db.transaction().execute(async (tx) => {
    if (input.verifiesEmail === false) await unlinkContacts(tx, row.workspace_id, row.id)
    return store.update(tx, row, changes)
  })
  deps.installations.changed(row.id)
  return presentInstallation(deps, changed)
}

/** The old secret of a webhook stays valid for a day, in which its sender is set up anew. */
export async function rotateSecret(
  deps: ChannelDeps,
  actor: Actor,
  id: string,
): Promise<{ installation: Installation; secret: string | null }> {
  const row = await requireInstallation(deps, actor, id)
  check(actor, 'installation', 'update', { workspaceId: row.workspace_id })
  const settings = openSettings(deps.vault, row)
  const { changed, secret } = row.platform === 'webhook' ? withNewSecret(settings) : await withNewToken(deps, row, settings)
  const rotated = await store.update(deps.db, row, { sealed_settings: sealSettings(deps.vault, row, changed) })
  deps.installations.changed(row.id)
  return { installation: presentInstallation(deps, rotated), secret }
}

export async function deleteInstallation(deps: ChannelDeps, actor: Actor, id: string): Promise<{ ok: true }> {
  const row = await requireInstallation(deps, actor, id)
  check(actor, 'installation', 'delete', { workspaceId: row.workspace_id })
  await store.remove(deps.db, row)
  deps.installations.changed(row.id)
  if (row.platform === 'telegram') await removeTelegramWebhook(deps.egress, openSettings(deps.vault, row))
  return { ok: true }
}

async function requireInstallation(deps: ChannelDeps, actor: Actor, id: string): Promise<store.InstallationRow> {
  const row = await store.findIn(deps.db, workspaceIdsOf(actor), id)
  if (!row) throw new AppError('installation.not_found')
  return row
}

async function settingsOf(
  deps: ChannelDeps,
  id: string,
  { settings: given }: Create,
): Promise<{ settings: Settings; secret: string | null }> {
  if (given.platform === 'webhook') {
    const secret = newWebhookSecret()
    return { settings: { secret: new Secret(secret), replyUrl: new Secret(given.replyUrl) }, secret }
  }
  const settings: Settings = {
    botToken: new Secret(given.botToken),
    secretToken: newToken(),
    ...(given.apiUrl && { apiUrl: new Secret(given.apiUrl) }),
  }
  return inWords(async () => {
    const { userName } = await getTelegramBot(deps.egress, settings)
    await setTelegramWebhook(deps.egress, settings, deps.hookUrl(id))
    return { settings: { ...settings, userName: new Secret(userName) }, secret: null }
  })
}

/** What is under way with the old token is refused and sent again with the new one. */
async function withNewToken(deps: ChannelDeps, { id }: store.InstallationRow, settings: Settings) {
  const changed = { ...settings, secretToken: newToken() }
  await inWords(() => setTelegramWebhook(deps.egress, changed, deps.hookUrl(id)))
  return { changed, secret: null }
}

function newToken(): Secret {
  return new Secret(randomBytes(32).toString('base64url'))
}

async function inWords<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof SendFailure) throw new AppError('installation.rejected', { detail: error.message })
    throw error
  }
}

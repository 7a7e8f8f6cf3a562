import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { insertEvent } from './event-store.ts'
import * as installations from './installation-store.ts'
import { platforms } from './platforms/index.ts'
import type { RawEvent } from './platforms/platform.ts'
import { openSettings } from './settings.ts'

/**
 * Proves an event and stores it once; when this resolves it is safe and may be acknowledged. Errors: `installation.not_found`, `installation.disabled`,
 * `hook.signature_invalid`, `hook.malformed`.
 */
export async function receiveEvent(deps: ChannelDeps, installationId: string, event: RawEvent): Promise<void> {
  const installation = await installations.find(deps.db, installationId)
  if (!installation) throw new AppError('installation.not_found')
  const identity = await platforms[installation.platform].accept(event, openSettings(deps.vault, installation))
  // Only whoever knows the secret is told.
  if (!installation.is_enabled) throw new AppError('installation.disabled')
  if (!identity) return
  const isNew = await insertEvent(deps.db, {
    id: newId(),
    workspaceId: installation.workspace_id,
    installationId,
    ...identity,
    raw: event.body,
  })
  if (isNew) deps.events.wake()
}

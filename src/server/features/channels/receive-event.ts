import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ChannelDeps } from './channel-deps.ts'
import type { OpenedInstallation } from './installation-cache.ts'
import { platforms } from './platforms/index.ts'
import type { EventHeaders, EventIdentity } from './platforms/platform.ts'

/** A request to a hook, before anything is known of it. */
export interface HookRequest extends EventHeaders {
  installationId: string
  /** Where it comes from, as far as that is known. */
  address: string | null
  /** Errors: `request.too_large`, `request.malformed`. */
  readBody(): Promise<Buffer>
}

/**
 * Proves an event and stores it once; when this resolves it is safe and may be acknowledged. What costs least is asked first, so that strangers cost
 * little. Errors: `installation.not_found`, `installation.disabled`, `hook.signature_invalid`, `hook.malformed`, `request.rate_limited`.
 */
export async function receiveEvent(deps: ChannelDeps, request: HookRequest): Promise<void> {
  const { installationId, address } = request
  if (!deps.installations.isKnown(installationId)) deps.hookLimits.refuseGuessers(address)
  const installation = await deps.installations.find(installationId)
  if (!installation) {
    deps.hookLimits.countUnknown(address)
    throw new AppError('installation.not_found')
  }
  platforms[installation.row.platform].admit(request, installation.settings)
  deps.hookLimits.refuseForgers(installationId, address)
  const raw = await request.readBody()
  const identity = await prove(deps, installation, request, raw)
  // Only whoever knows the secret is told.
  if (!installation.row.is_enabled) throw new AppError('installation.disabled')
  deps.hookLimits.countEvent(installationId)
  if (!identity) return
  const { isNew, isEnabled } = await deps.keepEvent({ id: newId(), installationId, ...identity, raw })
  // Since it was looked up here: by another process.
  if (isEnabled === null) throw new AppError('installation.not_found')
  if (!isEnabled) throw new AppError('installation.disabled')
  if (isNew) deps.events.wake()
}

async function prove(
  deps: ChannelDeps,
  { row, settings }: OpenedInstallation,
  request: HookRequest,
  body: Buffer,
): Promise<EventIdentity | null> {
  try {
    return await platforms[row.platform].accept({ header: request.header, body }, settings)
  } catch (error) {
    if (error instanceof AppError && error.code === 'hook.signature_invalid') deps.hookLimits.countForged(row.id, request.address)
    throw error
  }
}

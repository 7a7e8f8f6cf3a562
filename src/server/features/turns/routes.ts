import { toolPermissions as permissions } from '../../../contract/tool-permissions.ts'
import { type TurnStreamItem, turns as contract } from '../../../contract/turns.ts'
import { type HttpContext, handle, handleRaw, type Routes, toProblem } from '../../platform/http/index.ts'
import { eventStream } from '../../platform/http/event-stream.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { decideCall } from './decide-call.ts'
import { followTurn, getTurn } from './get-turn.ts'
import { listToolPermissions, revokeToolPermission } from './tool-permissions.ts'
import { startTurn } from './start-turn.ts'
import { stopTurn } from './stop-turn.ts'
import type { TurnDeps } from './turn-deps.ts'

/** A message may be a megabyte of text, which JSON can double. */
const maxStartBytes = 12 * 1024 * 1024

export const turnRoutes = (deps: TurnDeps): Routes<typeof contract> => ({
  start: handleRaw(
    contract.start,
    async (c, actor, input) => {
      const idempotencyKey = input.idempotencyKey ?? c.req.header('idempotency-key')
      // Not cut to fit: two keys that differ only further on would be taken for one.
      if (idempotencyKey === '' || (idempotencyKey?.length ?? 0) > 200) {
        throw new AppError('request.invalid', { issues: [{ path: ['Idempotency-Key'], message: 'must have 1 to 200 characters' }] })
      }
      const started = await startTurn(deps, actor, { ...input, ...(idempotencyKey && { idempotencyKey }) })
      if (!c.req.header('accept')?.includes('text/event-stream')) return c.json(started, 202)
      c.header('x-turn-id', started.turnId)
      // Who may start it may read its answer: no key has a scope for the one without the other.
      return stream(deps, c, actor, async (signal) => deps.turns.hub.follow(started.turnId, undefined, signal))
    },
    { maxBodyBytes: maxStartBytes },
  ),
  get: handle(contract.get, (actor, { id }) => getTurn(deps, actor, id)),
  events: handleRaw(contract.events, (c, actor, { id }) =>
    stream(deps, c, actor, (signal) => followTurn(deps, actor, id, c.req.header('last-event-id'), signal)),
  ),
  stop: handle(contract.stop, (actor, { id }) => stopTurn(deps, actor, id)),
  decide: handle(contract.decide, (actor, input) => decideCall(deps, actor, input)),
})

export const toolPermissionRoutes = (deps: Pick<TurnDeps, 'db'>): Routes<typeof permissions> => ({
  list: handle(permissions.list, (actor, { id }) => listToolPermissions(deps, actor, id)),
  revoke: handle(permissions.revoke, (actor, { id }) => revokeToolPermission(deps, actor, id)),
})

type Open = (signal: AbortSignal) => Promise<AsyncIterable<TurnStreamItem[]>>

async function stream(deps: TurnDeps, c: HttpContext, actor: Actor, open: Open): Promise<Response> {
  const left = new AbortController()
  // Whoever loses access loses the stream; everybody else comes back by `Last-Event-ID`. Hooked in before the gate is asked, so that nothing falls between.
  const unhook = deps.door.onActorInvalidated((principalId) => principalId === actor.principalId && left.abort('the stream has ended'))
  // The gate is asked before the first byte, while an error can still be a status.
  const batches = await open(left.signal).catch((error: unknown) => {
    unhook()
    throw error
  })
  const requestId = c.get('requestId')
  return eventStream(c, {
    batches,
    toEvents: (batch) => batch.map(({ id, event }) => ({ id, event: event.type, data: event })),
    present: (error) => ({ event: 'error', data: toProblem(error, requestId, deps.log) }),
    left,
    onEnd: unhook,
  })
}

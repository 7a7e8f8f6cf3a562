import { events as contract } from '../../../contract/events.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../platform/errors/index.ts'
import { callerOf, handleRaw, type Routes, toProblem } from '../../platform/http/index.ts'
import { eventStream } from '../../platform/http/event-stream.ts'
import { type EventDeps, followEvents } from './follow-events.ts'

const askAgainMs = 20_000

export const eventRoutes = (deps: EventDeps & Pick<Deps, 'log' | 'door'>): Routes<typeof contract> => ({
  mine: handleRaw(contract.mine, async (c, actor) => {
    const left = new AbortController()
    const batches = await followEvents(deps, actor, c.req.header('last-event-id'), left.signal)
    const requestId = c.get('requestId')
    const unhook = deps.door.onActorInvalidated((principalId) => principalId === actor.principalId && left.abort('the stream has ended'))
    // A session that simply expires is told to nobody.
    const asking = setInterval(() => {
      deps.door.authenticate(callerOf(c)).catch((error: unknown) => {
        if (error instanceof AppError && error.code.startsWith('auth.')) left.abort('the session has ended')
      })
    }, askAgainMs)
    asking.unref()
    return eventStream(c, {
      batches,
      toEvents: (batch) =>
        batch === 'reset'
          ? [{ event: 'reset', data: { type: 'reset' } }]
          : batch.items.map(({ id, event }) => ({ id, event: event.type, data: event })),
      present: (error) => ({ event: 'error', data: toProblem(error, requestId, deps.log) }),
      left,
      onEnd: () => {
        clearInterval(asking)
        unhook()
      },
    })
  }),
})

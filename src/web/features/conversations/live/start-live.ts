import { query } from '../../../api.ts'
import { queryClient } from '../../../query-client.ts'
import { findModel } from '../composer/models.ts'
import { acceptTurn } from './accept-turn.ts'
import { socket } from './live.ts'
import { openOutbox } from './outbox.ts'

let isStarted = false

/** Opens the socket of this tab for whoever is signed in, and sends what an earlier visit could not. Harmless when it is open. */
export function startLive(): void {
  const me = queryClient.getQueryData(query.people.me.queryKey())
  if (isStarted || !me) return
  isStarted = true
  openOutbox(me.id, (sending, started) => acceptTurn(sending, started, findModel(sending.modelId)))
  socket.start()
}

/** When somebody signs out: the next person gets a connection of their own. */
export function stopLive(): void {
  isStarted = false
  socket.close()
}

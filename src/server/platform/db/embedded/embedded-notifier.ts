import pg from 'pg'
import type { Notifier } from '../index.ts'
import { ListenerTable } from '../listener-table.ts'
import type { EmbeddedConnection } from './embedded-connection.ts'

/** The only process on its database: what it sends goes straight to its own listeners. What SQL sends with NOTIFY reaches them as well. */
export class EmbeddedNotifier implements Notifier {
  readonly #connection: EmbeddedConnection
  readonly #table = new ListenerTable()

  constructor(connection: EmbeddedConnection) {
    this.#connection = connection
    connection.onNotification((channel, payload) => this.#table.deliver(channel, payload))
    connection.onReopened(async (run) => {
      for (const channel of this.#table.channels()) await run(`listen ${pg.escapeIdentifier(channel)}`)
      this.#table.reconnected()
    })
  }

  notify(channel: string, payload: string): void {
    setImmediate(() => this.#table.deliver(channel, payload))
  }

  async listen(channel: string, onPayload: (payload: string) => void, onReconnect?: () => void): Promise<() => Promise<void>> {
    const { isFirst, remove } = this.#table.add(channel, onPayload, onReconnect)
    if (isFirst) await this.#connection.run('foreground', `listen ${pg.escapeIdentifier(channel)}`)
    return async () => {
      if (remove()) await this.#connection.run('foreground', `unlisten ${pg.escapeIdentifier(channel)}`)
    }
  }
}

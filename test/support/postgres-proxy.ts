import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What happens to the next statement that contains a text. */
type Trouble =
  /** It is carried out, and the connection breaks before its answer comes. */
  | 'answer-lost'
  /** It goes out only when `release` is called. */
  | 'held'

export interface PostgresProxy extends AsyncDisposable {
  /** The database through the proxy. */
  url: string
  /** Resolves when the trouble has come about: the statement has reached the server, or is held. */
  once(text: string, trouble: Trouble): Promise<{ release(): void }>
}

/** Stands between a server and its database, where networks fail. */
export async function postgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const target = new URL(databaseUrl)
  let armed: { text: string; trouble: Trouble; came: PromiseWithResolvers<{ release(): void }> } | undefined
  const sockets = new Set<Socket>()

  const server = createServer((client) => {
    const database = connect(Number(target.port || 5432), target.hostname)
    let isDeaf = false
    client.on('data', (data) => {
      const trouble = armed && data.includes(armed.text) ? armed : undefined
      if (trouble) armed = undefined
      if (trouble?.trouble === 'held') {
        client.pause()
        trouble.came.resolve({
          release() {
            database.write(data)
            client.resume()
          },
        })
        return
      }
      if (trouble) {
        isDeaf = true
        trouble.came.resolve({ release() {} })
      }
      database.write(data)
    })
    database.on('data', (data) => {
      if (!isDeaf) return void client.write(data)
      // The statement has been carried out: its answer is here.
      client.destroy()
      database.destroy()
    })
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)

  return {
    url: String(url),
    once(text, trouble) {
      const came = Promise.withResolvers<{ release(): void }>()
      armed = { text, trouble, came }
      return came.promise
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

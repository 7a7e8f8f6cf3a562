import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { ServerMessage } from '../../src/contract/socket.ts'

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

/** A client of `/ws` that keeps what it hears until somebody asks for it. */
export class SocketClient implements AsyncDisposable {
  readonly socket: WebSocket
  /** Everything heard, oldest first. */
  readonly heard: ServerMessage[] = []
  /** Resolves with the code that the connection was closed with. */
  readonly closed: Promise<number>
  readonly #taken = new Set<ServerMessage>()
  #waiting: (() => void)[] = []
  #refs = 0
  #isClosed = false

  private constructor(socket: WebSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)))
    void this.closed.then(() => {
      this.#isClosed = true
      this.#wake()
    })
    socket.on('message', (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()) as ServerMessage)
      this.#wake()
    })
  }

  /** Resolves once the server has said hello. Rejects with `refused: <status>` where it does not let the client in. */
  static async open(url: string, headers: Record<string, string>): Promise<SocketClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers })
    const client = new SocketClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
      socket.once('unexpected-response', (_, response) => reject(new Error(`refused: ${response.statusCode}`)))
    })
    await client.next('hello')
    return client
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Sends a message with a `ref` of its own, and answers with what comes back under it. */
  async ask(message: { type: string } & Record<string, unknown>): Promise<ServerMessage & { ref: string }> {
    const ref = `r${++this.#refs}`
    this.send({ ...message, ref })
    return (await this.find((answer) => 'ref' in answer && answer.ref === ref)) as ServerMessage & { ref: string }
  }

  /** The next message of this type that nobody has taken yet. */
  async next<Type extends ServerMessage['type']>(
    type: Type,
    isIt: (message: MessageOf<Type>) => boolean = () => true,
  ): Promise<MessageOf<Type>> {
    return (await this.find((message) => message.type === type && isIt(message as MessageOf<Type>))) as MessageOf<Type>
  }

  async find(isIt: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    for (;;) {
      const found = this.heard.find((message) => !this.#taken.has(message) && isIt(message))
      if (found) {
        this.#taken.add(found)
        return found
      }
      if (this.#isClosed) throw new Error(`the socket closed before; it said ${JSON.stringify(this.heard).slice(0, 2_000)}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    this.socket.terminate()
    await once(this.socket, 'close')
  }
}

import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { ServerMessage } from '../../src/contract/socket.ts'

/** A client of a WebSocket that speaks JSON. It keeps what it hears until somebody asks for it. */
export class JsonSocket<Message extends { type: string }> implements AsyncDisposable {
  readonly socket: WebSocket
  /** Everything heard, oldest first. */
  readonly heard: Message[] = []
  /** Resolves with the code that the connection was closed with. */
  readonly closed: Promise<number>
  readonly #taken = new Set<Message>()
  #waiting: (() => void)[] = []
  #refs = 0
  #isClosed = false

  protected constructor(socket: WebSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)))
    void this.closed.then(() => {
      this.#isClosed = true
      this.#wake()
    })
    socket.on('message', (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()) as Message)
      this.#wake()
    })
  }

  /** Rejects with `refused: <status>` where the server does not let the client in. */
  protected opened(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.socket.once('open', () => resolve())
      this.socket.once('error', reject)
      this.socket.once('unexpected-response', (_, response) => reject(new Error(`refused: ${response.statusCode}`)))
    })
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Sends a message with a `ref` of its own, and answers with what comes back under it. */
  async ask(message: { type: string } & Record<string, unknown>): Promise<Message & { ref: string }> {
    const ref = `r${++this.#refs}`
    this.send({ ...message, ref })
    return (await this.find((answer) => 'ref' in answer && answer.ref === ref)) as Message & { ref: string }
  }

  /** The next message of this type that nobody has taken yet. */
  async next<Type extends Message['type']>(
    type: Type,
    isIt: (message: Extract<Message, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<Message, { type: Type }>> {
    type Wanted = Extract<Message, { type: Type }>
    return (await this.find((message) => message.type === type && isIt(message as Wanted))) as Wanted
  }

  async find(isIt: (message: Message) => boolean): Promise<Message> {
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

/** A client of `/ws`. */
export class SocketClient extends JsonSocket<ServerMessage> {
  /** Resolves once the server has said hello. */
  static async open(url: string, headers: Record<string, string>): Promise<SocketClient> {
    const client = new SocketClient(new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers }))
    await client.opened()
    await client.next('hello')
    return client
  }
}

import { TelegramAdapter } from '@chat-adapter/telegram'
import { ConsoleLogger } from 'chat'

const quiet = new ConsoleLogger('silent')

/** Reads messages; it never calls anybody. */
export class Reader extends TelegramAdapter {
  constructor() {
    super({ mode: 'webhook', botToken: '0:unused', userName: 'unused', allowUnverifiedWebhooks: true, logger: quiet })
  }

  protected override telegramFetch(): Promise<never> {
    return Promise.reject(new Error('reading a message calls nobody'))
  }
}

/** Renders and sends messages; its calls go where every outgoing request goes. */
export class Sender extends TelegramAdapter {
  readonly #call: (method: string, payload: object) => Promise<unknown>

  constructor(call: (method: string, payload: object) => Promise<unknown>) {
    super({ mode: 'webhook', botToken: '0:unused', userName: 'unused', allowUnverifiedWebhooks: true, logger: quiet })
    this.#call = call
  }

  protected override async telegramFetch<Result>(method: string, payload?: Record<string, unknown> | FormData): Promise<Result> {
    if (payload instanceof FormData) throw new Error('files are not sent yet')
    return (await this.#call(method, payload ?? {})) as Result
  }
}

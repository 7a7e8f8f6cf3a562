import type { CreateMessageRequestParams, CreateMessageResult, ElicitRequestParams, ElicitResult } from '@modelcontextprotocol/client'

/** Answers what a server asks in the middle of a call. */
export interface Asker {
  /** Of one person's: a question is put to whoever has called, and to nobody else. */
  owner: string
  elicit(params: ElicitRequestParams, signal: AbortSignal): Promise<ElicitResult>
  sample(params: CreateMessageRequestParams, signal: AbortSignal): Promise<CreateMessageResult>
}

const nobody: Asker = {
  owner: '',
  elicit: () => Promise.resolve({ action: 'cancel' }),
  sample: () => Promise.reject(new Error('Nobody allows this here.')),
}

/**
 * The calls that run on a connection. By the revision of 2025-11-25 a question does not say to which of them it belongs: it is put to the newest where all are one
 * person's, and to nobody where they are not.
 */
export class Askers {
  readonly #running = new Set<Asker>()

  with(asker: Asker | undefined): Disposable {
    // One of its own, since a call that cannot ask counts as well.
    const running = { ...(asker ?? nobody) }
    this.#running.add(running)
    return { [Symbol.dispose]: () => this.#running.delete(running) }
  }

  one(): Asker {
    const running = [...this.#running]
    const isOnes = new Set(running.map(({ owner }) => owner)).size === 1
    return (isOnes && running.at(-1)) || nobody
  }
}

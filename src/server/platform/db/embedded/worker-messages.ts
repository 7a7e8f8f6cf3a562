/** What the thread of the embedded database is started with. */
export interface WorkerStart {
  /** Absolute; null keeps everything in memory. */
  dir: string | null
  /** A tar of a prepared data directory for a database in memory, or null to create one from nothing (seconds). */
  prepared: Uint8Array<ArrayBuffer> | null
}

/** To the thread: PostgreSQL wire protocol, whole messages ending in Sync or Query; or the request to close. */
export type ToWorker = Uint8Array<ArrayBuffer> | 'close'

/** From the thread: wire protocol; the end of opening or closing; or the end of the engine, which a new thread can open again. */
export type FromWorker = Uint8Array<ArrayBuffer> | 'ready' | 'closed' | { crash: string; errno: string | null }

/** Under `node --watch` every thread also reports the modules that it reads, on the same port. */
export function isFromWorker(message: unknown): message is FromWorker {
  return (
    message instanceof Uint8Array ||
    message === 'ready' ||
    message === 'closed' ||
    (typeof message === 'object' && message !== null && 'crash' in message)
  )
}

import type { AddonId } from '../../../contract/addon-choices.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { listSwitchedOff } from './store.ts'

const channel = 'addons-switched'
/** Should a notification be lost. */
const freshMs = 30_000

/** Which optional parts of the server are on: from memory, so whoever asks need not think of the price. */
export interface AddonSwitches {
  isOn(addon: AddonId): boolean
  /** Called when any of them may have changed, here or in another process; returns what ends it. */
  onSwitched(listener: () => void): () => void
  /** After one was saved: holds here when it resolves, and in every process within milliseconds. */
  changed(): Promise<void>
  close(): Promise<void>
}

export async function openAddonSwitches({ db, notifier }: Database, log: Logger): Promise<AddonSwitches> {
  const listeners = new Set<() => void>()
  let off: ReadonlySet<AddonId> = new Set()
  let readAt = 0

  async function read(): Promise<void> {
    readAt = performance.now()
    const now = new Set(await listSwitchedOff(db))
    const isNews = now.size !== off.size || [...now].some((addon) => !off.has(addon))
    off = now
    if (isNews) for (const listener of listeners) listener()
  }
  function readSoon(): void {
    read().catch((error: unknown) => log.warn({ err: error }, 'the switches of addons could not be read'))
  }

  const unlisten = await notifier.listen(channel, readSoon, readSoon)
  await read()
  return {
    isOn(addon) {
      if (performance.now() - readAt > freshMs) readSoon()
      return !off.has(addon)
    },
    onSwitched(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async changed() {
      await read()
      notifier.notify(channel, '')
    },
    close: unlisten,
  }
}

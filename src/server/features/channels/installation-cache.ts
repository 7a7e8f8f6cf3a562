import type { Database } from '../../platform/db/index.ts'
import type { Vault } from '../../platform/vault/index.ts'
import * as store from './installation-store.ts'
import type { Settings } from './platforms/platform.ts'
import { openSettings } from './settings.ts'

export interface OpenedInstallation {
  row: store.InstallationRow
  settings: Settings
}

/** Installations with their settings opened, as they were a few seconds ago at most. */
export interface OpenInstallations {
  find(id: string): Promise<OpenedInstallation | undefined>
  /** Whether there was such an installation when somebody asked for it here: known without a look-up. */
  isKnown(id: string): boolean
  /** It was changed or deleted: forgets it here and, by notification, in every process. */
  changed(id: string): void
  close(): Promise<void>
}

const channel = 'installation-changed'
const maxEntries = 5_000

export async function openInstallations({ db, notifier }: Database, vault: Vault, maxAgeMs = 5_000): Promise<OpenInstallations> {
  const entries = new Map<string, { opened: Promise<OpenedInstallation | undefined>; expiresAt: number }>()
  const unlisten = await notifier.listen(
    channel,
    (id) => entries.delete(id),
    () => entries.clear(),
  )

  async function open(id: string): Promise<OpenedInstallation | undefined> {
    const row = await store.find(db, id)
    return row && { row, settings: openSettings(vault, row) }
  }

  return {
    async find(id) {
      const known = entries.get(id)
      if (known && known.expiresAt > performance.now()) return known.opened
      const entry = { opened: open(id), expiresAt: performance.now() + maxAgeMs }
      entries.set(id, entry)
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value!)
      const forget = () => {
        if (entries.get(id) === entry) entries.delete(id)
      }
      // An id of nothing is not kept: anybody can make up any number of them.
      entry.opened.then((opened) => opened ?? forget(), forget)
      return entry.opened
    },
    isKnown: (id) => entries.has(id),
    changed(id) {
      entries.delete(id)
      notifier.notify(channel, id)
    },
    close: unlisten,
  }
}

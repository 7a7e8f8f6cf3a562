import { z } from 'zod'
import { Secret, type Vault } from '../../platform/vault/index.ts'
import type { Settings } from './platforms/platform.ts'

const Revealed = z.record(z.string(), z.string())

interface Place {
  id: string
  workspace_id: string
}

const bindingOf = ({ id, workspace_id: workspaceId }: Place) => ({
  workspaceId,
  table: 'installation',
  column: 'sealed_settings',
  rowId: id,
  origin: null,
})

export function sealSettings(vault: Vault, place: Place, settings: Settings): Buffer {
  const revealed = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value.reveal()]))
  return vault.seal(new Secret(JSON.stringify(revealed)), bindingOf(place))
}

export function openSettings(vault: Vault, row: Place & { sealed_settings: Uint8Array }): Settings {
  const revealed = Revealed.parse(JSON.parse(vault.open(row.sealed_settings, bindingOf(row)).reveal()))
  return Object.fromEntries(Object.entries(revealed).map(([name, value]) => [name, new Secret(value)]))
}

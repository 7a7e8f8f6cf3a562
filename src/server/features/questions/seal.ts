import { Secret, type Vault } from '../../platform/vault/index.ts'

type Column = 'sealed_answer' | 'sealed'

const bindingOf = (workspaceId: string, column: Column, rowId: string) => ({
  workspaceId,
  table: column === 'sealed' ? 'tool_call_memo' : 'tool_question',
  column,
  rowId,
  origin: null,
})

export function sealValue(vault: Vault, workspaceId: string, column: Column, rowId: string, value: unknown): Buffer {
  return vault.seal(new Secret(JSON.stringify(value)), bindingOf(workspaceId, column, rowId))
}

export function openValue(vault: Vault, workspaceId: string, column: Column, rowId: string, sealed: Buffer): unknown {
  return JSON.parse(vault.open(sealed, bindingOf(workspaceId, column, rowId)).reveal())
}

import { createHash, randomBytes } from 'node:crypto'
import { ShareToken } from '../../../contract/shares.ts'
import { Secret, type Vault } from '../../platform/vault/index.ts'

const tokenBytes = 24

const bindingOf = ({ id, workspace_id }: { id: string; workspace_id: string }) => ({
  workspaceId: workspace_id,
  table: 'share',
  column: 'sealed_token',
  rowId: id,
})

/**
 * A new token in the two forms that are kept. Sealed rather than derived from a secret of the server: one link then says nothing about another, and none
 * changes when keys are rotated.
 */
export function makeToken(vault: Vault, row: { id: string; workspace_id: string }): { token_hash: Buffer; sealed_token: Buffer } {
  const token = randomBytes(tokenBytes).toString('base64url')
  return { token_hash: hashOf(token), sealed_token: vault.seal(new Secret(token), bindingOf(row)) }
}

export function openToken(vault: Vault, row: { id: string; workspace_id: string; sealed_token: Uint8Array }): string {
  return vault.open(row.sealed_token, bindingOf(row)).reveal()
}

/** Undefined for what cannot be a token: nobody need be asked about it. */
export function readToken(text: string): Buffer | undefined {
  return ShareToken.safeParse(text).success ? hashOf(text) : undefined
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

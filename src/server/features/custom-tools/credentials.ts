import type { ApiAuth, ShownAuth } from '../../../contract/custom-tools.ts'
import { type Binding, Secret, type Vault } from '../../platform/vault/index.ts'
import type { CustomToolRow } from './store.ts'

type Place = Pick<CustomToolRow, 'id' | 'workspace_id'>

/** Bound to where they are sent: whoever could change the address in the database would not get them sent there. */
function bindingOf({ id, workspace_id }: Place, target: string): Binding {
  return { workspaceId: workspace_id, table: 'custom_tool', column: 'sealed_credentials', rowId: id, origin: target }
}

export function sealCredentials(vault: Vault, place: Place, target: string, credentials: object): Buffer {
  return vault.seal(new Secret(JSON.stringify(credentials)), bindingOf(place, target))
}

/** What `sealCredentials` was given; its shape is that of the tool's kind. */
export function openCredentials<Credentials extends object>(
  vault: Vault,
  tool: Pick<CustomToolRow, 'id' | 'workspace_id' | 'sealed_credentials'>,
  target: string,
): Credentials | undefined {
  if (!tool.sealed_credentials) return undefined
  return JSON.parse(vault.open(tool.sealed_credentials, bindingOf(tool, target)).reveal()) as Credentials
}

/** The whole of it is sealed, the address of its tokens too: only so is it the one that was given. */
export function sealAuth(vault: Vault, place: Place, baseUrl: string, auth: ApiAuth): Buffer | null {
  return auth.kind === 'none' ? null : sealCredentials(vault, place, originOf(baseUrl), auth)
}

export function openAuth(vault: Vault, tool: Pick<CustomToolRow, 'id' | 'workspace_id' | 'sealed_credentials'>, baseUrl: string): ApiAuth {
  return openCredentials<ApiAuth>(vault, tool, originOf(baseUrl)) ?? { kind: 'none' }
}

export function shownAuth(auth: ApiAuth): ShownAuth {
  switch (auth.kind) {
    case 'none':
    case 'bearer':
      return { kind: auth.kind }
    case 'api_key':
      return { kind: auth.kind, in: auth.in, name: auth.name }
    case 'basic':
      return { kind: auth.kind, username: auth.username }
    case 'oauth_client_credentials':
      return { kind: auth.kind, tokenUrl: auth.tokenUrl, clientId: auth.clientId, scope: auth.scope }
  }
}

export const originOf = (url: string): string => new URL(url).origin

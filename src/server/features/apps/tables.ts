import type { Generated } from 'kysely'

/** A program that may ask people to be let in. What it says of itself nobody has verified. */
export interface OauthClientTable {
  id: string
  /** Always the system's. */
  workspace_id: string
  client_id: string
  kind: 'registered' | 'document'
  name: string
  redirect_uris: string[]
  /** Of a document: when it was read last. */
  read_at: Date | null
  created_at: Generated<Date>
}

/** What a person let a program do in a workspace: a connected app. */
export interface OauthGrantTable {
  id: string
  workspace_id: string
  user_id: string
  client_id: string
  redirect_uri: string
  scopes: string[]
  last_used_at: Date | null
  created_at: Generated<Date>
}

export interface OauthCodeTable {
  id: string
  workspace_id: string
  code_hash: Buffer
  user_id: string
  client_id: string
  redirect_uri: string
  challenge: string
  scopes: string[]
  expires_at: Date
  used_at: Date | null
  grant_id: string | null
}

export interface OauthTokenTable {
  id: string
  workspace_id: string
  grant_id: string
  kind: 'access' | 'refresh'
  token_hash: Buffer
  expires_at: Date
  /** Of a refresh token: when it was changed for the next one. */
  used_at: Date | null
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    oauth_client: OauthClientTable
    oauth_grant: OauthGrantTable
    oauth_code: OauthCodeTable
    oauth_token: OauthTokenTable
  }
}

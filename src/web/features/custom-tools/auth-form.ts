import type { ApiAuth, ShownAuth } from '../../../contract/custom-tools.ts'
import { c } from './strings.ts'

export type AuthKind = ApiAuth['kind'] | 'kept'

export interface AuthValues {
  authKind: AuthKind
  keyPlace: 'header' | 'query'
  keyName: string
  secret: string
  username: string
  tokenUrl: string
  clientId: string
  scope: string
}

export const noAuth: AuthValues = {
  authKind: 'none',
  keyPlace: 'header',
  keyName: '',
  secret: '',
  username: '',
  tokenUrl: '',
  clientId: '',
  scope: '',
}

/** What is known of a way of signing in. What is secret in it has to be written. */
export function authValues(auth: ShownAuth | undefined): AuthValues {
  if (!auth) return noAuth
  const values = { ...noAuth, authKind: auth.kind }
  if (auth.kind === 'api_key') return { ...values, keyPlace: auth.in, keyName: auth.name }
  if (auth.kind === 'basic') return { ...values, username: auth.username }
  if (auth.kind === 'oauth_client_credentials') return { ...values, tokenUrl: auth.tokenUrl, clientId: auth.clientId, scope: auth.scope }
  return values
}

export function checkAuth(values: AuthValues): Partial<Record<keyof AuthValues, string>> {
  const wrong: Partial<Record<keyof AuthValues, string>> = {}
  const need = (field: keyof AuthValues) => {
    if (values[field].trim() === '') wrong[field] = c('missing')
  }
  switch (values.authKind) {
    case 'none':
    case 'kept':
      break
    case 'api_key':
      need('keyName')
      need('secret')
      break
    case 'bearer':
      need('secret')
      break
    case 'basic':
      need('username')
      break
    case 'oauth_client_credentials':
      need('tokenUrl')
      need('clientId')
      need('secret')
      if (!wrong.tokenUrl && !isHttpUrl(values.tokenUrl)) wrong.tokenUrl = c('url.bad')
  }
  return wrong
}

/** Undefined: as it is. */
export function toAuth({ authKind, keyPlace, keyName, secret, username, tokenUrl, clientId, scope }: AuthValues): ApiAuth | undefined {
  switch (authKind) {
    case 'kept':
      return undefined
    case 'none':
      return { kind: 'none' }
    case 'api_key':
      return { kind: 'api_key', in: keyPlace, name: keyName.trim(), value: secret.trim() }
    case 'bearer':
      return { kind: 'bearer', token: secret.trim() }
    case 'basic':
      return { kind: 'basic', username: username.trim(), password: secret }
    case 'oauth_client_credentials':
      return { kind: authKind, tokenUrl: tokenUrl.trim(), clientId: clientId.trim(), clientSecret: secret.trim(), scope: scope.trim() }
  }
}

export function isHttpUrl(text: string): boolean {
  const url = URL.parse(text.trim())
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
}

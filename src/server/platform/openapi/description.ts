import type { JSONSchema7 } from '@ai-sdk/provider'

/** Where one argument goes in a request (OpenAPI 3.1.1, section 4.12). */
export interface ParameterBinding {
  /** The argument's name, as providers of models take it. */
  property: string
  /** As the API knows it. */
  name: string
  in: 'path' | 'query' | 'header'
  style: 'simple' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject'
  isExploded: boolean
  isRequired: boolean
}

export interface BodyBinding {
  property: string
  kind: 'json' | 'form' | 'multipart' | 'text'
  contentType: string
  isRequired: boolean
}

/** How a request is made of arguments. */
export interface OperationBinding {
  method: string
  path: string
  parameters: ParameterBinding[]
  body: BodyBinding | null
}

export interface Operation {
  /** `GET /pets/{id}`: what it is called by until it has a name here. */
  key: string
  /** Letters, digits and `_`, at most 38; unique in its description. */
  name: string
  description: string
  /** By its method: it changes nothing, so that it may be called again. */
  isReadOnly: boolean
  inputSchema: JSONSchema7
  binding: OperationBinding
  /** Why it cannot be called from here; null where it can. */
  refusal: string | null
}

/** A way of signing in that a description names. */
export type SecuritySuggestion =
  | { kind: 'api_key'; in: 'header' | 'query'; name: string }
  | { kind: 'bearer' }
  | { kind: 'basic'; username: '' }
  | { kind: 'oauth_client_credentials'; tokenUrl: string; clientId: ''; scope: string }

export interface ApiDescription {
  title: string
  description: string
  version: string
  servers: string[]
  security: SecuritySuggestion[]
  operations: Operation[]
}

export type Refusal = 'not_openapi' | 'unsupported_version' | 'unreadable' | 'too_complex' | 'empty'
export type DescriptionReply = { description: ApiDescription } | { refused: Refusal; detail?: string }

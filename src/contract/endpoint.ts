import { oc } from '@orpc/contract'

/** What a policy speaks of. A role holds (resource, action) pairs; `*` matches all. */
export const resources = [
  'system',
  'user',
  'profile',
  'session',
  'api-key',
  'workspace',
  'member',
  'connection',
  'custom-tool',
  'model',
  'conversation',
  'message',
  'turn',
  'usage',
  'budget',
  'installation',
  'inbox',
  'page',
  'prompt',
  'agent',
  'mcp-server',
  'server-program',
  'memory',
  'app',
  'guardrail',
] as const
export type Resource = (typeof resources)[number]

export const actions = ['read', 'create', 'update', 'delete', 'use', 'stop', 'decide', 'test', 'share'] as const
export type Action = (typeof actions)[number]

/**
 * Who an operation is for, beside the policy:
 * `anyone` needs no actor; `self` concerns the actor's own rows; `owner` a row the actor owns or may see; `workspace` a row of a workspace
 * where the actor's role holds the policy; `system` the policy at system scope.
 */
export type Whose = 'anyone' | 'self' | 'owner' | 'workspace' | 'system'

export interface Access {
  resource: Resource
  action: Action
  whose: Whose
}

export interface EndpointMeta extends Record<string, unknown> {
  access: Access
  /** Answers with an event stream; served beside the generated routes from the same contract value. */
  stream?: boolean
  /** The body is a file as it is. Everything else stands in the address. */
  takesBytes?: boolean
}

/** An endpoint is a value: method, path, input, output, errors and access. Everything else is derived from it. */
export const endpoint = oc.$meta<EndpointMeta>({ access: { resource: 'system', action: 'read', whose: 'system' } })

/** A page of a list: `cursor` is opaque and comes from the previous page's `nextCursor`. */
export const maxPageSize = 100

import type { AnyContractProcedure, ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import type { EndpointMeta } from '../../../contract/endpoint.ts'
import type { Actor } from '../auth/index.ts'
import type { HttpContext, HttpRequest } from './request.ts'

export type InputOf<E> =
  E extends ContractProcedure<infer Input, infer _Output, infer _Errors, infer _Meta> ? InferSchemaOutput<Input> : never
export type OutputOf<E> =
  E extends ContractProcedure<infer _Input, infer Output, infer _Errors, infer _Meta> ? InferSchemaInput<Output> : never

type Run =
  | { kind: 'signed-in'; run(actor: Actor, input: unknown, request: HttpRequest): Promise<unknown> }
  | { kind: 'anyone'; run(input: unknown, request: HttpRequest): Promise<unknown> }
  | { kind: 'raw'; run(c: HttpContext, actor: Actor, input: unknown): Promise<Response> }

/** An endpoint of the contract with what answers it. Made by `handle`, `handleAnyone` and `handleRaw`; served by `mountApi`. */
export interface Served<E extends AnyContractProcedure = AnyContractProcedure> {
  readonly endpoint: E
  readonly handler: Run
  readonly maxBodyBytes: number | undefined
}

/** One `Served` for every endpoint of a part of the contract: a missing or surplus one does not compile. */
export type Routes<Contract> = Contract extends AnyContractProcedure
  ? Served<Contract>
  : { [Name in keyof Contract]: Routes<Contract[Name]> }

export interface HandleOptions {
  /** How large a body this endpoint takes, where it differs from the server's limit. */
  maxBodyBytes?: number
}

/** Serves an endpoint for a known actor. The output is checked against the contract, which also drops fields that it does not name. */
export function handle<E extends AnyContractProcedure>(
  endpoint: E,
  run: (actor: Actor, input: InputOf<E>, request: HttpRequest) => Promise<OutputOf<E>>,
  options: HandleOptions = {},
): Served<E> {
  expectAnyone(endpoint, false)
  return {
    endpoint,
    handler: { kind: 'signed-in', run: run as (actor: Actor, input: unknown, request: HttpRequest) => Promise<unknown> },
    maxBodyBytes: options.maxBodyBytes,
  }
}

/** Serves an endpoint whose access is for `anyone`. */
export function handleAnyone<E extends AnyContractProcedure>(
  endpoint: E,
  run: (input: InputOf<E>, request: HttpRequest) => Promise<OutputOf<E>>,
  options: HandleOptions = {},
): Served<E> {
  expectAnyone(endpoint, true)
  return {
    endpoint,
    handler: { kind: 'anyone', run: run as (input: unknown, request: HttpRequest) => Promise<unknown> },
    maxBodyBytes: options.maxBodyBytes,
  }
}

/** Serves an endpoint that writes its own response (a stream, an answer already serialised): same door, validation and errors. */
export function handleRaw<E extends AnyContractProcedure>(
  endpoint: E,
  run: (c: HttpContext, actor: Actor, input: InputOf<E>) => Promise<Response>,
  options: HandleOptions = {},
): Served<E> {
  expectAnyone(endpoint, false)
  return {
    endpoint,
    handler: { kind: 'raw', run: run as (c: HttpContext, actor: Actor, input: unknown) => Promise<Response> },
    maxBodyBytes: options.maxBodyBytes,
  }
}

function expectAnyone(endpoint: AnyContractProcedure, expected: boolean): void {
  const { meta, route } = endpoint['~orpc']
  const isAnyone = (meta as EndpointMeta).access.whose === 'anyone'
  if (isAnyone !== expected)
    throw new Error(`${route.method} ${route.path}: served for ${expected ? 'anyone' : 'a known actor'}, which its access does not say`)
}

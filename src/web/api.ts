import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { routes } from 'virtual:contract'
import type { contract } from '../contract/index.ts'
import { decodeProblem, toApiError } from './errors.ts'

const link = new OpenAPILink(routes, {
  url: () => `${location.origin}/api`,
  customErrorResponseBodyDecoder: decodeProblem,
  interceptors: [
    async ({ next }) => {
      try {
        return await next()
      } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') throw error
        throw toApiError(error)
      }
    },
  ],
})

/** Every endpoint of the contract as a function. Fails with `ApiError`. */
export const api: ContractRouterClient<typeof contract> = createORPCClient(link)

/** The same for TanStack Query: `query.models.list.queryOptions({ input })`, `.mutationOptions()`, `.key()`. */
export const query = createTanstackQueryUtils(api)

import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { routes } from 'virtual:contract'
import type { contract } from '../contract/index.ts'
import { decodeProblem, toApiError } from './errors.ts'

/** The link reads bodies by their exact content type and does not know that problem details are JSON. */
function asJson(response: Response): Response {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return response
  const headers = new Headers(response.headers)
  headers.set('content-type', 'application/json')
  return new Response(response.body, { status: response.status, headers })
}

const link = new OpenAPILink(routes, {
  url: () => `${location.origin}/api`,
  fetch: async (request, init) => asJson(await fetch(request, init)),
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

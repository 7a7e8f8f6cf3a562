import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors.ts'

type Listener = () => void
let onSignedOut: Listener = () => undefined

/** Called when the server says that this session is over; the router decides where to go. */
export function whenSignedOut(listener: Listener): void {
  onSignedOut = listener
}

function watch(error: unknown): void {
  if (error instanceof ApiError && (error.code === 'auth.required' || error.code === 'auth.disabled')) onSignedOut()
}

/** Retrying helps against a lost connection or a server that restarts, never against an answer. */
function mayRetry(failures: number, error: unknown): boolean {
  return (
    failures < 2 &&
    error instanceof ApiError &&
    (error.code === 'network' || error.code === 'server.stopping' || error.code === 'database.unavailable')
  )
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    // The socket says when something changed; asking again on every focus would only cost.
    queries: {
      staleTime: 60_000,
      retry: mayRetry,
      retryDelay: (failures) => 400 * 2 ** failures,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

/** Drops what was loaded for whoever was here; what the page on the screen is asking for right now stays. */
export function forgetPerson(): void {
  queryClient.removeQueries({ type: 'inactive' })
}

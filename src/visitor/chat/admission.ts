import type { Admitted } from '../../contract/visits.ts'
import type { Kept } from './kept.ts'

/** A refusal in the server's words, which are meant for visitors. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  readonly retryAfterSeconds: number | undefined

  constructor({ code, message, action, retryAfterSeconds }: Refused) {
    super([message, action].filter(Boolean).join(' '))
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

interface Refused {
  code: string
  message: string
  action: string
  retryAfterSeconds?: number | undefined
}

/** Where a page's chat is. `isWidget`: on another site, which can have no cookie of ours and keeps a token instead. */
export interface Place {
  origin: string
  slug: string
  isWidget: boolean
}

export const addressOf = ({ origin, slug }: Place, path: string): string => `${origin}/@${encodeURIComponent(slug)}/${path}`

/** Announces the visitor, and answers with the protocols under which the socket is opened. */
export async function admit(place: Place, storage: Kept): Promise<string[]> {
  const response = await ask(addressOf(place, 'visit'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: place.isWidget ? storage.read('token') : null }),
    credentials: place.isWidget ? 'omit' : 'same-origin',
  })
  const { token } = (await response.json()) as Admitted
  storage.write('visited', '1')
  if (!place.isWidget || token === null) return ['parley']
  storage.write('token', token)
  return ['parley', `visitor.${token}`]
}

/** A request whose failure is a `Refusal` if the server said why. */
export async function ask(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) })
  if (response.ok) return response
  const problem = (await response.json().catch(() => null)) as {
    code?: unknown
    title?: unknown
    action?: unknown
    retryAfterSeconds?: unknown
  } | null
  // A server in trouble, or a proxy in between: worth another attempt.
  if (typeof problem?.code !== 'string' || response.status >= 500) throw new Error(String(response.status))
  const { code, title, action, retryAfterSeconds } = problem
  throw new Refusal({
    code,
    message: typeof title === 'string' ? title : '',
    action: typeof action === 'string' ? action : '',
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined,
  })
}

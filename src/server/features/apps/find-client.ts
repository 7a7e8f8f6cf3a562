import { z } from 'zod'
import { AppError } from '../../platform/errors/index.ts'
import { plainWords } from '../../platform/mcp/plain-words.ts'
import type { AppDeps } from './apps-deps.ts'
import { isAllowedRedirect } from './redirect-address.ts'
import * as store from './store.ts'

/** A document is read again after that, so that who holds the address can change and withdraw it. */
const documentMinutes = 10
const limits = { maxBytes: 64 * 1024, firstByteTimeoutMs: 5_000, totalTimeoutMs: 8_000, maxRedirects: 0 }

/** Client ID Metadata Document: what is at the address that is the program's id. */
const Document = z.object({
  client_id: z.string(),
  client_name: z.string().optional(),
  redirect_uris: z.array(z.string()).min(1).max(50),
  // A program without a secret is all that there is here; one that says it has a key is not to come without it.
  token_endpoint_auth_method: z.literal('none').optional(),
  grant_types: z.array(z.string()).optional(),
})

/**
 * The program of that id: registered, or described by the document at the address that the id is.
 * Errors: `app.request_invalid` where there is none, `app.unreadable` where the document cannot be had.
 */
export async function findClient(deps: Pick<AppDeps, 'db' | 'egress'>, clientId: string): Promise<store.ClientRow> {
  const known = await store.findClient(deps.db, clientId)
  if (known?.kind === 'registered') return known
  if (!isDocumentAddress(clientId)) throw new AppError('app.request_invalid', { detail: 'The program is not registered here.' })
  if (known?.read_at && known.read_at.getTime() > Date.now() - documentMinutes * 60_000) return known
  const { client_name: name, redirect_uris: redirectUris } = await readDocument(deps, clientId)
  return store.putClient(deps.db, { clientId, kind: 'document', name: nameOf(name, new URL(clientId).host), redirectUris })
}

/** An https address with a path and nothing that could hide where it leads. By http on this machine only, which egress allows where an administrator does. */
export function isDocumentAddress(clientId: string): boolean {
  if (clientId.length > 500 || !URL.canParse(clientId)) return false
  const url = new URL(clientId)
  const isOpen = url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname))
  return isOpen && url.href === clientId && url.pathname !== '/' && url.hash === '' && url.username === '' && url.password === ''
}

async function readDocument({ egress }: Pick<AppDeps, 'egress'>, address: string): Promise<z.infer<typeof Document>> {
  const text = await egress
    .fetch(address, { headers: { accept: 'application/json' } }, limits)
    .then(async (response) => {
      if (response.status === 200) return response.text()
      await response.body?.cancel()
      throw new Error(`answered ${response.status}`)
    })
    .catch((cause: unknown) => {
      throw new AppError('app.unreadable', { detail: `At ${new URL(address).host}.`, cause })
    })
  const document = Document.safeParse(jsonOf(text))
  if (!document.success)
    throw new AppError('app.unreadable', { detail: `What is at ${address} does not describe a program that can come here.` })
  if (document.data.client_id !== address)
    throw new AppError('app.unreadable', { detail: `What is at ${address} describes another program.` })
  if (!document.data.redirect_uris.every(isAllowedRedirect))
    throw new AppError('app.unreadable', { detail: `What is at ${address} names an address to return to that is not allowed.` })
  return document.data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A stranger's word, as it may stand before people. */
export function nameOf(given: string | undefined, otherwise: string): string {
  return plainWords(given ?? '', 80) || otherwise
}

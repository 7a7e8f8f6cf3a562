import { createHash } from 'node:crypto'
import { AppError } from '../errors/index.ts'
import type { Notifier } from '../db/index.ts'
import type { Caller } from './caller.ts'
import type { Actor } from './index.ts'
import { refuseCrossSite } from './same-origin.ts'

/** Finds who a credential belongs to. Undefined: unknown, expired or revoked. Throws `auth.disabled`. */
export interface ActorSource {
  /** `cookie` is the value as the browser sent it, signature included. */
  findBySession(cookie: string): Promise<Actor | undefined>
  findByApiKey(key: string): Promise<Actor | undefined>
  findByPrincipal(principalId: string): Promise<Actor | undefined>
  /** The key, or the app, by which somebody asked for what goes on while they are away. */
  findByApiKeyId(apiKeyId: string): Promise<Actor | undefined>
  findByAppToken(token: string): Promise<Actor | undefined>
}

export interface Door {
  /** Errors: `auth.required`, `auth.key_invalid`, `auth.disabled`, `request.cross_site`. */
  authenticate(caller: Caller): Promise<Actor>
  /** By an API key, or by the token of an app, which is for one surface only. A cookie counts nothing. Errors: `auth.required`, `auth.key_invalid`, `auth.disabled`. */
  authenticateProgram(caller: Caller): Promise<Actor>
  /** For work that is done on somebody's behalf while they are away: what they may do now, and by which key they asked for it, if any. Errors: `auth.required` where they are gone, `auth.disabled`. */
  actorFor(principalId: string, apiKeyId?: string | null): Promise<Actor>
  /** For what needs no actor but changes something (signing in). Error: `request.cross_site`. */
  refuseCrossSite(caller: Caller): void
  /** After a status, role, session or key changed: forgets the person here at once and in every process by notification. */
  invalidate(principalId: string): void
  /**
   * Runs when a person's actors may no longer be trusted, in every process, so that open streams and sockets ask again or close. After a lost
   * notification connection it runs for everybody cached here. Returns what takes the hook away.
   */
  onActorInvalidated(hook: (principalId: string) => void): () => void
  close(): Promise<void>
}

export interface DoorOptions {
  source: ActorSource
  notifier: Notifier
  publicUrl: string | undefined
  cookieName: string
  /** How long an actor is believed without asking the database, 5 s at most by design. */
  maxAgeMs?: number
}

interface Entry {
  actor: Promise<Actor | undefined>
  /** Unknown while loading. */
  principalId: string | undefined
  expiresAt: number
}

const channel = 'actor-invalidated'
const maxEntries = 20_000

export async function openDoor({ source, notifier, publicUrl, cookieName, maxAgeMs = 5000 }: DoorOptions): Promise<Door> {
  const entries = new Map<string, Entry>()
  const hooks = new Set<(principalId: string) => void>()

  const forget = (principalId: string) => {
    // A load that is under way may have read the old state: whoever comes now starts another one.
    for (const [key, entry] of entries) if (entry.principalId === undefined || entry.principalId === principalId) entries.delete(key)
    for (const hook of hooks) hook(principalId)
  }
  const unlisten = await notifier.listen(channel, forget, () => {
    const known = new Set([...entries.values()].map((entry) => entry.principalId))
    entries.clear()
    for (const principalId of known) if (principalId !== undefined) forget(principalId)
  })

  function load(kind: string, credential: string, find: (credential: string) => Promise<Actor | undefined>): Promise<Actor | undefined> {
    const key = kind + createHash('sha256').update(credential).digest('base64')
    const now = performance.now()
    const known = entries.get(key)
    if (known && known.expiresAt > now) return known.actor
    const entry: Entry = { actor: find(credential), principalId: undefined, expiresAt: now + maxAgeMs }
    entries.delete(key) // so that the new one is the youngest in the map's order
    entries.set(key, entry)
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value!)
    entry.actor.then(
      (actor) => {
        entry.principalId = actor?.principalId
        if (!actor && entries.get(key) === entry) entries.delete(key)
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key)
      },
    )
    return entry.actor
  }

  const keyIn = (authorization: string) => /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
  return {
    async authenticate(caller) {
      const authorization = caller.header('authorization')
      if (authorization !== undefined) {
        const key = keyIn(authorization)
        const actor = key === undefined ? undefined : await load('key', key, source.findByApiKey)
        if (!actor) throw new AppError('auth.key_invalid')
        return actor
      }
      const cookie = readCookie(caller.header('cookie'), cookieName)
      if (cookie === undefined) throw new AppError('auth.required')
      refuseCrossSite(caller, publicUrl, true)
      const actor = await load('session', cookie, source.findBySession)
      if (!actor) throw new AppError('auth.required')
      return actor
    },
    async authenticateProgram(caller) {
      const authorization = caller.header('authorization')
      if (authorization === undefined) throw new AppError('auth.required')
      const key = keyIn(authorization)
      const isToken = key?.startsWith('pa_') ?? false
      const actor =
        key === undefined
          ? undefined
          : await (isToken ? load('app token', key, source.findByAppToken) : load('key', key, source.findByApiKey))
      if (!actor) throw new AppError('auth.key_invalid')
      return actor
    },
    async actorFor(principalId, apiKeyId = null) {
      const actor =
        apiKeyId === null
          ? await load('principal', principalId, source.findByPrincipal)
          : await load('key by id', apiKeyId, source.findByApiKeyId)
      if (actor?.principalId !== principalId) throw new AppError('auth.required')
      return actor
    },
    refuseCrossSite: (caller) => refuseCrossSite(caller, publicUrl, readCookie(caller.header('cookie'), cookieName) !== undefined),
    invalidate(principalId) {
      forget(principalId)
      notifier.notify(channel, principalId)
    },
    onActorInvalidated(hook) {
      hooks.add(hook)
      return () => hooks.delete(hook)
    },
    close: unlisten,
  }
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const split = pair.indexOf('=')
    if (split > 0 && pair.slice(0, split).trim() === name) return pair.slice(split + 1).trim()
  }
  return undefined
}

import { z } from 'zod'
import type { ApiAuth } from '../../../contract/custom-tools.ts'
import { type Egress, EgressError } from '../../platform/egress/index.ts'
import { Secret } from '../../platform/vault/index.ts'
import { ToolFailure } from '../tools/index.ts'

type Client = Extract<ApiAuth, { kind: 'oauth_client_credentials' }>

const TokenAnswer = z.object({
  access_token: z
    .string()
    .min(1)
    .max(16_384)
    .regex(/^[\x20-\x7e]+$/),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().optional(),
})

/** Tokens of clients (RFC 6749, section 4.4), kept in memory until shortly before they end. */
export interface Tokens {
  /** One request for however many wait. `isRefused`: the API did not take the last one. Error: `ToolFailure`. */
  get(toolId: string, client: Client, isRefused?: boolean): Promise<Secret>
  forget(toolId: string): void
}

const defaultLifeMs = 300_000
const marginMs = 30_000

export function createTokens(egress: Egress): Tokens {
  const known = new Map<string, { client: string; token: Promise<Secret>; expiresAt: number }>()

  return {
    async get(toolId, client, isRefused = false) {
      const identity = JSON.stringify(client)
      const held = known.get(toolId)
      if (held && held.client === identity && !isRefused && held.expiresAt > Date.now()) return held.token
      const entry = { client: identity, token: Promise.resolve(new Secret('')), expiresAt: Number.POSITIVE_INFINITY }
      entry.token = request(egress, client).then(({ token, expiresAt }) => {
        entry.expiresAt = expiresAt
        return token
      })
      known.set(toolId, entry)
      entry.token.catch(() => {
        if (known.get(toolId) === entry) known.delete(toolId)
      })
      return entry.token
    },
    forget: (toolId) => void known.delete(toolId),
  }
}

async function request(egress: Egress, { tokenUrl, clientId, clientSecret, scope }: Client): Promise<{ token: Secret; expiresAt: number }> {
  const encode = (text: string) => encodeURIComponent(text).replaceAll('%20', '+') // as section 2.3.1 has it
  const authorization = `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }).toString()
  try {
    const response = await egress.fetch(
      tokenUrl,
      { method: 'POST', body, headers: { authorization, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' } },
      { maxBytes: 64 * 1024, totalTimeoutMs: 15_000, maxRedirects: 0 },
    )
    const answer = await response.text()
    if (!response.ok) throw new ToolFailure(`The API's server for tokens answered with status ${response.status}: signing in failed.`)
    const parsed = TokenAnswer.safeParse(parse(answer))
    if (!parsed.success) throw new ToolFailure("The API's server for tokens did not answer with a token.")
    const { access_token, token_type, expires_in } = parsed.data
    if (token_type !== undefined && token_type.toLowerCase() !== 'bearer')
      throw new ToolFailure('The token is of a kind that is not known here.')
    const lifeMs = expires_in && expires_in > 0 ? expires_in * 1000 : defaultLifeMs
    return { token: new Secret(access_token), expiresAt: Date.now() + Math.max(lifeMs - marginMs, lifeMs / 2) }
  } catch (error) {
    if (error instanceof EgressError) throw new ToolFailure(`The API's server for tokens could not be asked: ${error.message}`)
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

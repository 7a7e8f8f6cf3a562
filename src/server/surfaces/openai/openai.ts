import { Hono } from 'hono'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { callerOf, type HttpContext, type HttpEnv } from '../../platform/http/index.ts'
import { createChatCompletion } from './chat-completions.ts'
import { createEmbeddings } from './embeddings.ts'
import { failOpenAi } from './errors.ts'
import { getModel, listModels } from './models.ts'
import type { OpenAiDeps } from './openai-deps.ts'

type Answer = (c: HttpContext, actor: Actor) => Promise<Response>

/**
 * `/v1`, OpenAI's protocol over Parley's own operations: the same keys, rights, budgets and records. It is outside the contract, as all foreign protocols
 * are; so are its errors.
 */
export function openAiSurface(deps: OpenAiDeps): Hono<HttpEnv> {
  const surface = new Hono<HttpEnv>()

  const serve = (method: 'GET' | 'POST', path: string, route: string, answer: Answer) => {
    surface.on(method, path, async (c) => {
      c.set('route', `/v1${route}`)
      try {
        const actor = await deps.door.authenticate(callerOf(c))
        c.set('principalId', actor.principalId)
        return await answer(c, actor)
      } catch (error) {
        return failOpenAi(c, error, deps.log)
      }
    })
    surface.all(path, (c) => {
      c.header('allow', method)
      return failOpenAi(c, new AppError('request.method_not_allowed', { detail: `It takes ${method}.` }), deps.log)
    })
  }

  serve('GET', '/models', '/models', async (c, actor) => c.json(await listModels(deps, actor)))
  // Names have slashes in them: `openai/gpt-4o`.
  serve('GET', '/models/:name{.+}', '/models/{name}', async (c, actor) => c.json(await getModel(deps, actor, c.req.param('name') ?? '')))
  serve('POST', '/chat/completions', '/chat/completions', (c, actor) => createChatCompletion(deps, c, actor))
  serve('POST', '/embeddings', '/embeddings', (c, actor) => createEmbeddings(deps, c, actor))
  surface.all('*', (c) => {
    const detail = 'Parley serves /v1/models, /v1/chat/completions and /v1/embeddings.'
    return failOpenAi(c, new AppError('request.not_found', { detail }), deps.log)
  })
  return surface
}

import { Hono } from 'hono'
import { InstallationId } from '../../../contract/ids.ts'
import type { Deps } from '../../deps.ts'
import { type ChannelDeps, receiveEvent } from '../../features/channels/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { addressOf, fail, type HttpEnv, readBytes } from '../../platform/http/index.ts'

/** More than any platform sends. */
const maxEventBytes = 1024 * 1024

/**
 * Where messaging platforms send their events. Who sends is proved by the platform's own signature over the raw bytes, so there is no actor; the answer
 * comes after the event is stored.
 */
export function hooksSurface(deps: Pick<Deps, 'log' | 'config'> & { channels: ChannelDeps }): Hono<HttpEnv> {
  const { trustedProxies } = deps.config.http
  const surface = new Hono<HttpEnv>()
  surface.post('/:id', async (c) => {
    c.set('route', '/hooks/{id}')
    try {
      const id = InstallationId.safeParse(c.req.param('id'))
      if (!id.success) throw new AppError('installation.not_found')
      await receiveEvent(deps.channels, {
        installationId: id.data,
        address: addressOf(c, trustedProxies),
        header: (name) => c.req.header(name),
        readBody: () => readBytes(c, maxEventBytes),
      })
      return c.json({ ok: true })
    } catch (error) {
      return fail(c, error, deps.log)
    }
  })
  surface.all('/:id', (c) => {
    c.header('allow', 'POST')
    return fail(c, new AppError('request.method_not_allowed', { detail: 'It takes POST.' }), deps.log)
  })
  return surface
}

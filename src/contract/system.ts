import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const system = {
  /** What a screen needs before anybody is signed in. */
  about: endpoint
    .route({ method: 'GET', path: '/about' })
    .meta({ access: { resource: 'system', action: 'read', whose: 'anyone' } })
    .output(z.object({ name: z.string(), version: z.string(), signUp: z.enum(['open', 'invitation', 'closed']), hasUsers: z.boolean() })),
}

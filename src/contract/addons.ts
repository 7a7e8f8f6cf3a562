import { z } from 'zod'
import { addonIds } from './addon-choices.ts'
import { endpoint } from './endpoint.ts'

/** A language that programs of others are written in, as it is found where the server looks for programs. */
export const RuntimeStatus = z.object({
  installed: z.boolean(),
  version: z.string().optional(),
  path: z.string().optional(),
  /** Programs beside it that tool servers are started by, by name; null where one is not there. */
  launchers: z.record(z.string(), z.string().nullable()),
  /** What is missing, and how to get it here. */
  missing: z.string().nullable(),
  howToGet: z.string().nullable(),
})

/** Whether programs of others can be kept from the machine. */
export const Confinement = z.object({ available: z.boolean(), reason: z.string().nullable(), howToGet: z.string().nullable() })

export const Runtimes = z.object({ python: RuntimeStatus, node: RuntimeStatus, confinement: Confinement })
export type Runtimes = z.infer<typeof Runtimes>

export const Addon = z.object({
  id: z.enum(addonIds),
  name: z.string(),
  description: z.string(),
  version: z.string(),
  enabled: z.boolean(),
  /** What it takes of the machine, in words. */
  cost: z.string(),
  /** Why it would not work even where it is on; null while it does. */
  problem: z.string().nullable(),
})
export type Addon = z.infer<typeof Addon>

export const addons = {
  list: endpoint
    .route({ method: 'GET', path: '/addons' })
    .meta({ access: { resource: 'system', action: 'read', whose: 'system' } })
    .output(z.object({ addons: z.array(Addon) })),

  /** In force at once, in every process: what is switched off is not offered, its running programs end, calls are refused. */
  switch: endpoint
    .route({ method: 'PATCH', path: '/addons/{id}' })
    .meta({ access: { resource: 'system', action: 'update', whose: 'system' } })
    .input(z.strictObject({ id: z.enum(addonIds), enabled: z.boolean() }))
    .output(Addon),

  /** Looked for when it is asked, and remembered for a minute. */
  runtimes: endpoint
    .route({ method: 'GET', path: '/runtimes' })
    .meta({ access: { resource: 'system', action: 'read', whose: 'system' } })
    .output(Runtimes),
}

// The server with a few more tools, for tests that kill it: `record_effect` appends its call's id to the file EFFECTS, may not run twice, and takes a while,
// so that a kill meets it at work. Everything else is as in src/server/main.ts.
import { appendFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { createApp } from '../../src/server/app.ts'
import { readConfig } from '../../src/server/config.ts'
import { openDeps } from '../../src/server/deps.ts'
import type { Tool } from '../../src/server/features/tools/index.ts'
import { listen } from '../../src/server/platform/http/index.ts'
import { createLogger } from '../../src/server/platform/telemetry/index.ts'

const input = z.object({ note: z.string().optional() })
const recordEffect: Tool<z.infer<typeof input>> = {
  name: 'record_effect',
  description: 'Writes a line to a file. It must not happen twice.',
  input,
  isRepeatable: false,
  permission: 'allow',
  timeoutMs: 10_000,
  async run({ note }, { callId, signal }) {
    if (note === 'slow') {
      await appendFile(process.env['EFFECTS']!, `${callId}\n`)
      await pause(8_000, undefined, { signal })
      return 'recorded'
    }
    await pause(30 + Math.random() * 100, undefined, { signal })
    await appendFile(process.env['EFFECTS']!, `${callId}\n`)
    await pause(30 + Math.random() * 100, undefined, { signal })
    return 'recorded'
  },
}

/** It asks first. */
const recordIfAllowed: Tool<z.infer<typeof input>> = { ...recordEffect, name: 'record_effect_if_allowed', permission: 'ask' }

/** They may run twice: `look_up` says so at once, `look_long` runs until it is ended. */
const lookUp: Tool<z.infer<typeof input>> = { ...recordEffect, name: 'look_up', isRepeatable: true, run: async () => 'found' }
const lookLong: Tool<z.infer<typeof input>> = {
  ...lookUp,
  name: 'look_long',
  timeoutMs: 60_000,
  run: (_, { signal }) => pause(60_000, 'found', { signal }),
}

const config = readConfig(process.env)
const deps = await openDeps(config, createLogger(config.log))
const app = await createApp(deps, { tools: [recordEffect, recordIfAllowed, lookUp, lookLong] as Tool[] })
const server = await listen(app.http, { host: config.http.host, port: config.http.port, onUpgrade: app.onUpgrade })
await app.start()
process.on('SIGTERM', () => {
  void (async () => {
    await app.drain()
    await server.close(500)
    await app.close()
    await deps.close()
    process.exit(0)
  })()
})

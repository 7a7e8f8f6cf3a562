// A process of its own on an embedded data directory, for tests that kill it or compete with it:
//   node test/support/database-process.ts hold|write|read <dir> [prepared]
// Prints one line of JSON per event. As root with AS_NOBODY=1 it gives up its rights first.
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { DatabaseRefusal, openDatabase } from '../../src/server/platform/db/index.ts'
import { AppError } from '../../src/server/platform/errors/index.ts'
import { silentLog } from './postgres.ts'

const [mode, dir, prepared] = process.argv.slice(2)
const say = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`)

if (process.env.AS_NOBODY && process.getuid?.() === 0) {
  process.setgroups?.([])
  process.setgid?.(65534)
  process.setuid?.(65534)
}

try {
  const database = await openDatabase({ kind: 'embedded', dir: dir!, prepared: prepared ?? null }, silentLog)
  say({ event: 'open' })
  if (mode === 'write') {
    await database.execute('create table if not exists written (n int primary key, filling text)')
    for (let n = 1; ; ) {
      try {
        await sql`insert into written values (${n}, repeat(md5(${String(n)}::text), 200)) on conflict do nothing`.execute(database.db)
        say({ event: 'committed', n })
        n += 1
      } catch (error) {
        say({ event: 'failed', reason: error instanceof AppError ? error.code : String(error) })
        await setTimeout(100)
      }
    }
  }
  for await (const _ of process.stdin) continue
  await database.close()
  say({ event: 'closed' })
} catch (error) {
  const reason = error instanceof DatabaseRefusal ? error.reason : error instanceof AppError ? error.code : String(error)
  say({ event: 'refused', reason, message: error instanceof Error ? error.message : '' })
  process.exitCode = 1
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { freePort } from './server-process.ts'

export interface MariaDb extends AsyncDisposable {
  host: string
  port: number
  /** May do everything. */
  root: Connection
}

const programs = { install: '/usr/bin/mariadb-install-db', serve: '/usr/sbin/mariadbd' }
/** Of whoever runs the tests; MariaDB refuses to be root's unless it is told. */
const asMyself = process.getuid?.() === 0 ? ['--user=root'] : []

/** A real server of the test's own, in a directory that goes with it. */
export async function startMariaDb(): Promise<MariaDb> {
  await using opened = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'mariadb-'))
  opened.defer(() => rm(dir, { recursive: true, force: true }))
  const data = join(dir, 'data')
  const installing = spawn(
    programs.install,
    [`--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...asMyself],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const [said, complained, [code]] = await Promise.all([text(installing.stdout), text(installing.stderr), once(installing, 'close')])
  if (code !== 0) throw new Error(`mariadb-install-db ended with ${code}:\n${said}${complained}`)

  const port = await freePort()
  const places = [`--datadir=${data}`, `--socket=${join(dir, 'socket')}`, `--pid-file=${join(dir, 'pid')}`]
  const server = spawn(
    programs.serve,
    ['--no-defaults', ...places, `--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve', ...asMyself],
    {
      stdio: 'ignore',
    },
  )
  const ended = once(server, 'exit')
  opened.defer(async () => {
    server.kill('SIGKILL')
    await ended
  })
  const root = await connectPatiently(port)
  opened.defer(() => root.end())
  const kept = opened.move()
  return { host: '127.0.0.1', port, root, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function connectPatiently(port: number): Promise<Connection> {
  for (const until = Date.now() + 60_000; ; await pause(100)) {
    try {
      return await createConnection({ host: '127.0.0.1', port, user: 'root' })
    } catch (error) {
      if (Date.now() > until) throw error
    }
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confine, type Confinement, ConfinementError, confinementStatus } from './index.ts'

let dir: string
let node: string

beforeAll(async () => {
  dir = await mkdtemp(join(await realpath(tmpdir()), 'confinement-'))
  node = await realpath(process.execPath)
  await mkdir(join(dir, 'package'))
  await mkdir(join(dir, 'state'))
  await writeFile(join(dir, 'package', 'data.txt'), 'of the package')
  await writeFile(join(dir, 'secret.txt'), 'beside the package')
})
afterAll(() => rm(dir, { recursive: true }))

function confinement(changes: Partial<Confinement>): Confinement {
  const places = { cwd: join(dir, 'package'), readable: [join(dir, 'package')], writable: [join(dir, 'state')] }
  return { command: 'sh', args: [], env: {}, hosts: [], ...places, ...changes }
}

async function run(changes: Partial<Confinement>, how: { uid?: number } = {}) {
  const { command, args, env } = await confine(confinement(changes))
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...how })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number | null]>])
  return { out: out.trim(), err: err.trim(), code }
}

const shell = (script: string, changes: Partial<Confinement> = {}, how = {}) => run({ ...changes, args: ['-c', script] }, how)
/** What the program says of each, or why it could not. */
const javascript = (code: string, changes: Partial<Confinement> = {}) =>
  run({ ...changes, command: node, args: ['--input-type=module', '-e', code] })

test('programs can be confined on this machine', async () => {
  expect(await confinementStatus()).toEqual({ available: true, reason: null, howToGet: null })
})

test('a program sees what it was given and nothing beside it', async () => {
  const { out } = await shell(`cat data.txt; ls ${dir}; cat ${dir}/secret.txt 2>&1; ls / | tr '\\n' ' '`)

  expect(out).toContain('of the package')
  expect(out).toContain('package\nstate')
  expect(out).toMatch(/secret.txt: No such file/)
  expect(out).not.toMatch(/\b(root|home|var|boot|sys|run)\b.*$/)
})

test('keys of the machine are not among its certificates', async () => {
  const { out } = await shell('ls -d /etc/ssl/* /etc/pki/* /etc/pki/tls/* 2>/dev/null')

  expect(out).toContain('/etc/ssl/certs')
  expect(out).not.toContain('private')
})

test('what is to be hidden is so in the folders of the system as well', async () => {
  const hidden = ['/usr/share', '/usr/bin/env', join(dir, 'gone')]
  const { out, code } = await shell('ls -A /usr/share; (echo x > /usr/share/new) 2>/dev/null && echo written; cat /usr/bin/env | wc -c', {
    hidden,
  })

  expect({ out, code }).toEqual({ out: '0', code: 0 })
})

test('it writes where it may, and nowhere else', async () => {
  const places = [join(dir, 'package'), '/', '/usr', '/dev', '/dev/shm', '/tmp', join(dir, 'state')]
  const { out } = await shell(places.map((place) => `(echo x > ${place}/new) 2>/dev/null && echo ${place}`).join('; '))

  expect(out.split('\n')).toEqual(['/dev/shm', '/tmp', join(dir, 'state')])
  expect(await readFile(join(dir, 'state', 'new'), 'utf8')).toBe('x\n')
})

test('what it keeps in memory instead of on disk has a size', async () => {
  const { out } = await shell('for to in /tmp /dev/shm; do head -c 90000000 /dev/zero > $to/full 2>/dev/null; stat -c %s $to/full; done')

  expect(out.split('\n').map(Number)).toEqual([64 * 1024 * 1024, 16 * 1024 * 1024])
})

test('it knows nothing of the environment and the processes of the server', async () => {
  const { out } = await shell('env; for each in /proc/[0-9]*; do tr "\\0" "\\n" < $each/environ; done; ls -d /proc/[0-9]* | wc -l', {
    env: { GIVEN: 'to it' },
  })

  expect(out).toContain('GIVEN=to it')
  for (const name of Object.keys(process.env).filter((each) => each.startsWith('VITEST') || each.startsWith('npm_'))) {
    expect(out).not.toContain(`${name}=`)
  }
  // bubblewrap's first process, the shell and what it starts.
  expect(Number(out.split('\n').at(-1))).toBeLessThan(8)
})

test('what it was given to know is not among the arguments', async () => {
  const { args, env } = await confine(confinement({ env: { TOKEN: 'very-secret' } }))

  expect(env.TOKEN).toBe('very-secret')
  expect(args.join(' ')).not.toContain('very-secret')
})

test('there is no network, not even the one of this machine', async () => {
  const server = createServer((_request, response) => response.end('reached')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { out } = await javascript(`
    import dns from 'node:dns/promises'
    import net from 'node:net'
    import os from 'node:os'
    console.log(await fetch('http://127.0.0.1:${port}').then((answer) => answer.text(), (error) => error.cause.code))
    console.log(await dns.lookup('example.org').then(() => 'found', (error) => error.code))
    const socket = net.connect(53, '1.1.1.1')
    console.log(await new Promise((resolve) => socket.on('connect', () => resolve('connected')).on('error', (error) => resolve(error.code))))
    console.log(Object.keys(os.networkInterfaces()).join())`)
  server.close()

  expect(out.split('\n')).toEqual(['ECONNREFUSED', expect.stringMatching(/EAI_AGAIN|ENOTFOUND/), 'ENETUNREACH', 'lo'])
})

test('it has no rights over its own walls and cannot make others', async () => {
  const { out } = await shell(
    'id -u; grep CapEff /proc/self/status; mount -t tmpfs none /mnt 2>&1 | head -1; unshare --user true 2>&1; mount -o remount,rw / 2>&1',
  )

  expect(out).toContain('65534')
  expect(out).toMatch(/CapEff:\s0+\n/)
  expect(out).toMatch(/unshare failed/)
  expect(out.match(/mount: /g)?.length ?? 0).toBeGreaterThanOrEqual(2)
})

test('a link in what it may write leads nowhere', async () => {
  await symlink(join(dir, 'secret.txt'), join(dir, 'state', 'link'))
  const { out } = await shell(`cat ${dir}/state/link 2>&1`)

  expect(out).toMatch(/No such file/)
})

test('it dies with all that it has started when what started it is killed', async () => {
  const seconds = String(100_000 + Math.floor(Math.random() * 1_000_000))
  const { command, args, env } = await confine(
    confinement({ args: ['-c', `trap '' TERM HUP INT; setsid sleep ${seconds} & echo up; sleep ${seconds}`] }),
  )
  // What plays the server is killed, as nothing can prepare for.
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.argv[1], JSON.parse(process.argv[2]), { stdio: 'inherit', detached: true }); setInterval(() => {}, 1e6)`,
      command,
      JSON.stringify(args),
    ],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(parent.stdout, 'data')
  await expect.poll(() => sleepers(seconds)).toBe(2)

  parent.kill('SIGKILL')

  await expect.poll(() => sleepers(seconds)).toBe(0)
})

test('memory, files, open files and processes have limits', async () => {
  const memory = await javascript('const kept = []; for (;;) kept.push(Buffer.alloc(16e6, 1))', { limits: { memoryBytes: 1e9 } })
  expect(memory.code).not.toBe(0)

  const file = await shell(`head -c 2000000 /dev/zero > ${dir}/state/large; stat -c %s ${dir}/state/large`, {
    limits: { fileBytes: 1_048_576 },
  })
  expect(file.out).toBe('1048576')

  expect((await shell('ulimit -n', { limits: { openFiles: 64 } })).out).toBe('64')

  // The kernel does not count those of root.
  const forks = await shell(
    'for each in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 5 & done; echo all',
    {
      readable: [],
      writable: [],
      cwd: '/tmp',
      limits: { processes: 8 },
    },
    process.getuid?.() === 0 ? { uid: 65_534 } : {},
  )
  expect(forks.err).toMatch(/fork/i)
  expect(forks.out).not.toContain('all')
})

test('hosts, and paths that would open the machine, are refused', async () => {
  const failures: Record<string, Partial<Confinement>> = {
    'hosts-unsupported': { hosts: ['example.org'] },
    'bad-path': { readable: ['/'] },
  }
  for (const [failure, changes] of Object.entries(failures)) {
    await expect(confine(confinement(changes))).rejects.toMatchObject({ failure, name: 'ConfinementError' })
  }
  await symlink('/etc', join(dir, 'etc'))
  for (const path of ['relative', '/etc', '/proc/1', '/root', join(dir, 'gone'), `${dir}/../x`, join(dir, 'etc')]) {
    await expect(confine(confinement({ writable: [path] })), path).rejects.toBeInstanceOf(ConfinementError)
  }
})

async function sleepers(seconds: string): Promise<number> {
  const child = spawn('pgrep', ['-fc', `^sleep ${seconds}$`], { stdio: ['ignore', 'pipe', 'ignore'] })
  return Number((await text(child.stdout)).trim())
}

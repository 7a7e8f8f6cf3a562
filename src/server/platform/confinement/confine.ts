import { realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, normalize } from 'node:path'
import { closing, findBubblewrap, hiding, isInSystemFolder, walls } from './bubblewrap.ts'
import { ConfinementError } from './confinement-error.ts'
import { confinementStatus } from './status.ts'

/** Of each process, but for `processes`, which is how many there may be of them with their threads. The kernel does not count processes of root. */
export interface ConfinedLimits {
  memoryBytes?: number
  fileBytes?: number
  openFiles?: number
  processes?: number
}

export interface Confinement {
  /** An absolute path, or a name that is looked up in the system's own folders. */
  command: string
  args: readonly string[]
  /** All that the program knows, beside a path, a home and a language. */
  env: Readonly<Record<string, string>>
  /** In a path that is readable or writable, or `/tmp`, which is the program's own and gone with it. */
  cwd: string
  /** Files and folders, absolute, seen where they are. The system's `/usr` is there anyway. */
  readable: readonly string[]
  writable: readonly string[]
  /** What it must not see even where it lies in the system's own folders; `readable` and `writable` may lie in it. */
  hidden?: readonly string[]
  /** Names that it may reach. None: there is no network at all, not even this machine's. */
  hosts: readonly string[]
  limits?: ConfinedLimits
}

export interface ConfinedProgram {
  command: string
  args: string[]
  env: Record<string, string>
}

const megabyte = 1024 * 1024
/** Two gigabytes: an idle Node has reserved 600 MB. */
const defaults: Required<ConfinedLimits> = { memoryBytes: 2048 * megabyte, fileBytes: 256 * megabyte, openFiles: 1024, processes: 256 }

/** Folders whose contents are the machine itself. */
const machine = /^\/(?:proc|sys|dev|run|boot)(?:\/|$)|^\/(?:etc|root|home|var|tmp|opt|srv|mnt|media)?$/

/**
 * What has to be started instead, so that the program sees nothing of the machine but what is named here. Nothing is started yet. Whoever starts it gives it this `env` and nothing else:
 * secrets are not among the arguments, which every user of the machine can read. When its parent dies, however, it dies, with all that it has started.
 * Errors: `ConfinementError`.
 */
export async function confine({
  command,
  args,
  env,
  cwd,
  readable,
  writable,
  hidden = [],
  hosts,
  limits,
}: Confinement): Promise<ConfinedProgram> {
  if (hosts.length > 0) throw new ConfinementError('hosts-unsupported', 'Confined programs have no network.')
  const status = await confinementStatus()
  const bubblewrap = await findBubblewrap()
  if (!status.available || !bubblewrap) throw new ConfinementError('unavailable', status.reason ?? 'Programs cannot be confined here.')
  const binds = [
    ...(await Promise.all([...readable, ...programOf(command)].map((path) => bind('--ro-bind', path)))),
    ...(await Promise.all(writable.map((path) => bind('--bind', path)))),
  ]
  // What lies in another comes after it, or it would be covered.
  binds.sort((one, other) => one.depth - other.depth)
  const hides = (await Promise.all(hidden.map(hide))).flat()
  return {
    command: bubblewrap,
    args: [
      ...(await walls()),
      ...hides.flatMap(({ path, isFolder }) => hiding(path, isFolder)),
      ...binds.flatMap(({ option, source, path }) => [option, source, path]),
      ...hides.flatMap(({ path, isFolder }) => (isFolder ? ['--remount-ro', path] : [])),
      ...closing,
      '--chdir',
      cwd,
      '--',
      '/bin/sh',
      '-c',
      `${limitsOf({ ...defaults, ...limits })} exec "$@"`,
      'sh',
      command,
      ...args,
    ],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8', ...env },
  }
}

/** Of a program that is not in the system's folders: it alone, what else it needs is for the caller to name. */
function programOf(command: string): string[] {
  return isAbsolute(command) && !/^\/(?:usr|s?bin)\//.test(command) ? [command] : []
}

async function bind(option: string, path: string): Promise<{ option: string; source: string; path: string; depth: number }> {
  if (!isAbsolute(path) || normalize(path) !== path)
    throw new ConfinementError('bad-path', 'A path of a confined program must be absolute and plain.')
  let source: string
  try {
    source = await realpath(path)
  } catch (error) {
    throw new ConfinementError('bad-path', 'A path that a confined program needs is not there.', error)
  }
  if ([path, source].some((each) => machine.test(each) || each === dirname(each))) {
    throw new ConfinementError('bad-path', 'A confined program may not be given the folders of the system.')
  }
  return { option, source, path, depth: path.split('/').length }
}

/** Elsewhere there is nothing to hide: what is not named is not there. */
async function hide(path: string): Promise<{ path: string; isFolder: boolean }[]> {
  const source = await realpath(path).catch(() => undefined)
  return source !== undefined && isInSystemFolder(source) ? [{ path: source, isFolder: (await stat(source)).isDirectory() }] : []
}

/**
 * By the shell inside, since the kernel counts processes by user and namespace: outside they would be all that the server's user has. Memory is what is written to (`-d`): runtimes
 * reserve far more than they use. The letter for processes is not the same in all shells.
 */
function limitsOf({ memoryBytes, fileBytes, openFiles, processes }: Required<ConfinedLimits>): string {
  const kilobytes = Math.ceil(memoryBytes / 1024)
  const blocks = Math.ceil(fileBytes / 512)
  return `ulimit -c 0; ulimit -d ${kilobytes} && ulimit -f ${blocks} && ulimit -n ${openFiles} && { ulimit -p ${processes} || ulimit -u ${processes}; } 2>/dev/null &&`
}

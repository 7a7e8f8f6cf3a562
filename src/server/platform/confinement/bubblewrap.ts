import { access, constants, lstat, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Never by the path of whoever started the server: what confines must not be something that lies in a folder of somebody's. */
const folders = ['/usr/bin', '/bin', '/usr/local/bin', '/run/wrappers/bin', '/run/current-system/sw/bin']

export async function findBubblewrap(): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, 'bwrap')
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}

/**
 * Walls that every confined program has, whatever it may read and write besides: namespaces of its own for users, processes, network and the rest, no rights
 * over them, none to make others, and an end with its parent. Folders that are in memory have a size; what bubblewrap itself leaves writable (the root,
 * `/dev`) is closed after everything has been put there, see `closing`.
 */
export async function walls(): Promise<string[]> {
  return [
    ['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ['--disable-userns', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--uid', '65534', '--gid', '65534'],
    ['--hostname', 'confined', '--ro-bind', '/usr', '/usr', ...(await systemFolders())],
    // What programs need to find their libraries, certificates and the time. No names of users, no configuration of services.
    ...['/etc/ld.so.cache', '/etc/alternatives', ...certificates, '/etc/localtime', '/nix/store'].map((path) => [
      '--ro-bind-try',
      path,
      path,
    ]),
    [
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--size',
      `${sharedMemoryBytes}`,
      '--tmpfs',
      '/dev/shm',
      '--size',
      `${temporaryBytes}`,
      '--tmpfs',
      '/tmp',
    ],
  ].flat()
}

/** Not the folders in which these are: beside them lie the machine's own keys, which a server of root may read. */
const certificates = [
  '/etc/ssl/certs',
  '/etc/ssl/cert.pem',
  '/etc/ssl/openssl.cnf',
  '/etc/ca-certificates',
  '/etc/pki/ca-trust/extracted',
  '/etc/pki/tls/certs',
  '/etc/pki/tls/cert.pem',
  '/etc/pki/tls/openssl.cnf',
]

/** Folders of the system that every confined program sees, in which something may lie that it should not. */
export const isInSystemFolder = (path: string): boolean => /^\/(?:usr|s?bin|lib\d*|nix\/store)\//.test(path)

/** An empty folder in its place, or an empty file. */
export const hiding = (path: string, isFolder: boolean): string[] =>
  isFolder ? ['--size', '1048576', '--tmpfs', path] : ['--ro-bind', '/dev/null', path]

/** After the program's own paths: nothing more can be made beside them. */
export const closing = ['--remount-ro', '/dev', '--remount-ro', '/']

const sharedMemoryBytes = 16 * 1024 * 1024
const temporaryBytes = 64 * 1024 * 1024

/** `/bin` and its like, which are links into `/usr` on most systems and folders on some. */
async function systemFolders(): Promise<string[]> {
  const found = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'].map(async (path) => {
    const entry = await lstat(path).catch(() => undefined)
    if (entry?.isSymbolicLink()) return ['--symlink', await readlink(path), path]
    return entry?.isDirectory() ? ['--ro-bind', path, path] : []
  })
  return (await Promise.all(found)).flat()
}

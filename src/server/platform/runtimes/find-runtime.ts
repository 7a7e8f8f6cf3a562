import { execFile } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { howToGet } from './how-to-get.ts'

export type RuntimeName = 'python' | 'node'

export interface Runtime {
  installed: boolean
  version?: string
  /** Of the program itself, where a version manager stands before it. */
  path?: string
  /** What tool servers are usually started by, by name. */
  launchers: Record<string, string | null>
  missing: string | null
  howToGet: string | null
}

interface Kind {
  names: readonly string[]
  /** Prints the version and its own path, each on a line. */
  ask: readonly string[]
  /** Below it, tool servers of today do not run. */
  oldest: readonly [number, number]
  launchers: readonly string[]
}

const kinds: Record<RuntimeName, Kind> = {
  python: {
    names: ['python3', 'python'],
    ask: ['-I', '-c', 'import platform,sys;print(platform.python_version());print(sys.executable)'],
    oldest: [3, 10],
    launchers: ['uvx', 'pip3'],
  },
  node: { names: ['node'], ask: ['-p', 'process.versions.node+"\\n"+process.execPath'], oldest: [20, 0], launchers: ['npx'] },
}

const timeoutMs = 5_000
const freshMs = 60_000
const known = new Map<string, { found: Promise<Runtime>; at: number }>()

/** Looks along a path (folders divided by `:`) and asks what it finds. Never throws; never at start, since it starts a program. */
export function findRuntime(name: RuntimeName, path: string): Promise<Runtime> {
  const key = `${name} ${path}`
  const held = known.get(key)
  if (held && performance.now() - held.at < freshMs) return held.found
  const found = look(name, path)
  known.set(key, { found, at: performance.now() })
  return found
}

/** Where a program is that is new enough to run tools; undefined where none is. */
export async function findInterpreter(name: RuntimeName, path: string): Promise<string | undefined> {
  const found = await findRuntime(name, path)
  return found.version !== undefined && !isOlder(found.version, kinds[name].oldest) ? found.path : undefined
}

async function look(name: RuntimeName, path: string): Promise<Runtime> {
  const { names, ask, oldest, launchers } = kinds[name]
  const folders = path.split(process.platform === 'win32' ? ';' : ':').filter(isAbsolute)
  const beside = Object.fromEntries(
    await Promise.all(launchers.map(async (each) => [each, (await findAll([each], folders))[0] ?? null] as const)),
  )
  const candidates = await findAll(names, folders)
  for (const candidate of candidates) {
    const said = await askProgram(candidate, ask, path)
    if (!said) continue
    const isOld = isOlder(said.version, oldest)
    return {
      installed: true,
      ...said,
      launchers: beside,
      missing: isOld ? `Version ${oldest.join('.')} or newer is needed.` : launcherMissing(name, beside),
      howToGet: isOld ? howToGet(name) : launcherMissing(name, beside) && howToGet(name === 'node' ? 'npx' : 'uvx'),
    }
  }
  const missing =
    candidates.length > 0 ? `It is at ${candidates[0]!} and does not run.` : 'It was not found where the server looks for programs.'
  return { installed: false, launchers: beside, missing, howToGet: howToGet(name) }
}

function launcherMissing(name: RuntimeName, launchers: Record<string, string | null>): string | null {
  const launcher = name === 'node' ? 'npx' : 'uvx'
  return launchers[launcher] ? null : `${launcher}, which many tool servers are started by, is not there.`
}

async function findAll(names: readonly string[], folders: readonly string[]): Promise<string[]> {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  const places = names.flatMap((name) => folders.flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix))))
  const found = await Promise.all(places.map(async (place) => ((await isProgram(place)) ? [place] : [])))
  return found.flat()
}

async function isProgram(place: string): Promise<boolean> {
  try {
    await access(place, constants.X_OK)
    return (await stat(place)).isFile()
  } catch {
    return false
  }
}

function askProgram(program: string, args: readonly string[], path: string): Promise<{ version: string; path: string } | undefined> {
  return new Promise((resolve) => {
    const env = { PATH: path, HOME: homedir() }
    execFile(program, args, { env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 }, (error, out) => {
      const [version, itself] = out.trim().split('\n')
      const isSound = !error && version !== undefined && /^\d+\.\d+/.test(version)
      resolve(isSound ? { version: version.slice(0, 50), path: itself && isAbsolute(itself) ? itself : program } : undefined)
    })
  })
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map(Number)
  return ofMajor < major || (ofMajor === major && ofMinor < minor)
}

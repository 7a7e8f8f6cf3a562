import { execFile } from 'node:child_process'
import { closing, findBubblewrap, walls } from './bubblewrap.ts'

/** `reason` and `howToGet` are words for an administrator; null where programs are confined. */
export interface ConfinementStatus {
  available: boolean
  reason: string | null
  howToGet: string | null
}

const timeoutMs = 10_000
/** Whoever has just installed what was missing does not restart the server. */
const askAgainAfterMs = 30_000

let known: { status: Promise<ConfinementStatus>; until: number } | undefined

/** Whether programs can be confined here: by confining one, since namespaces may be forbidden where the program is there. */
export function confinementStatus(): Promise<ConfinementStatus> {
  if (known && Date.now() < known.until) return known.status
  const entry = { status: tryIt(), until: Date.now() + askAgainAfterMs }
  known = entry
  // What works once works until the next start.
  void entry.status.then(({ available }) => {
    if (available) entry.until = Infinity
  })
  return entry.status
}

async function tryIt(): Promise<ConfinementStatus> {
  if (process.platform !== 'linux') {
    return missing('Programs are confined on Linux only.', 'Run the server on Linux, for example in a virtual machine.')
  }
  const bubblewrap = await findBubblewrap()
  if (!bubblewrap) {
    return missing(
      'bubblewrap is not installed.',
      'Install it: apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora), apk add bubblewrap (Alpine), pacman -S bubblewrap (Arch).',
    )
  }
  const problem = await run(bubblewrap, [...(await walls()), ...closing, '--', '/bin/sh', '-c', 'exit 0'])
  if (problem === undefined) return { available: true, reason: null, howToGet: null }
  if (/unknown option/i.test(problem))
    return missing('bubblewrap is too old: 0.8 or newer is needed.', 'Install a newer release of bubblewrap.')
  return missing(
    `bubblewrap is installed and may not make namespaces here: ${problem}`,
    'Allow user namespaces: sysctl -w user.max_user_namespaces=15000, on Ubuntu 24.04 and newer also kernel.apparmor_restrict_unprivileged_userns=0 or a profile for bwrap. ' +
      'In a container, start it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or leave it unconfined.',
  )
}

/** What it said when it failed. */
function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { env: {}, timeout: timeoutMs, killSignal: 'SIGKILL' }, (error, _out, said) => {
      resolve(error ? said.trim().slice(0, 300) || error.message.slice(0, 300) : undefined)
    })
  })
}

function missing(reason: string, howToGet: string): ConfinementStatus {
  return { available: false, reason, howToGet }
}

import { type ChildProcess, spawn } from 'node:child_process'

/** A shell that is told which groups of processes there are, and ends them when nobody tells it any more. */
const script = `
trap '' HUP INT TERM
groups=' '
while read -r what group; do
  case "$what" in
    +) groups="$groups$group " ;;
    -) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done 2>/dev/null`

let watchdog: ChildProcess | undefined
const groups = new Set<number>()

/**
 * Sees to it that this group of processes ends with this process, however that ends: a program may ignore that its input is closed, and what was killed can tell nobody. One shell watches over all
 * groups of a process. Returns what says that the group is gone by itself. Where there is no shell, groups are not watched over.
 */
export function watchOver(group: number): () => void {
  groups.add(group)
  if (watchdog?.stdin?.writable) tell(watchdog, '+', group)
  else start()
  return () => {
    groups.delete(group)
    if (watchdog?.stdin?.writable) tell(watchdog, '-', group)
  }
}

function start(): void {
  if (process.platform === 'win32') return
  // In a group of its own: what a terminal sends to this process's group must not reach it first.
  const child = spawn('/bin/sh', ['-c', script], { cwd: '/', env: {}, stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  watchdog = child
  child.unref()
  child.on('error', () => {})
  child.stdin!.on('error', () => {})
  child.once('exit', () => {
    if (watchdog !== child) return
    watchdog = undefined
    // Somebody has ended it: another one takes over.
    if (groups.size > 0) start()
  })
  for (const group of groups) tell(child, '+', group)
}

function tell(child: ChildProcess, what: '+' | '-', group: number): void {
  child.stdin!.write(`${what} ${group}\n`)
}

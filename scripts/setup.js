// What `npm start`, `npm test` and `npm run dev` do first: install the packages and build, each only when something changed.
// Plain JavaScript for the machine's own Node (20 or later): nothing is installed yet when this runs.
//
//   node scripts/setup.js [--tools] [--no-build] [--prepare] [--quiet]
//
// --tools     also the packages that only checks and tests need
// --no-build  packages only
// --prepare   called by npm itself after `npm ci`: the packages are there, and a failing build must not fail the installation
// --quiet     words go to stderr, so that stdout carries nothing but the output of the command that follows
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const options = new Set(process.argv.slice(2))
const withTools = options.has('--tools')
const isPrepare = options.has('--prepare')
const output = options.has('--quiet') ? process.stderr : process.stdout
const stampFile = join(root, 'node_modules', '.parley-setup.json')
const buildStampFile = join(root, 'dist', '.stamp.json')
/** The oldest Node that runs the server. Where an npm package brings Node 24 (most platforms), the machine's own may be older. */
const minimumServerNode = 24

const say = (text) => output.write(`${text}\n`)
const fail = (text) => {
  process.stderr.write(`\n${text}\n`)
  process.exit(isPrepare ? 0 : 1)
}
const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function run(command, args, words) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', output === process.stderr ? 2 : 'inherit', 'inherit'] })
  if (result.signal) process.kill(process.pid, result.signal)
  if (result.error || result.status !== 0) fail(`${words} ${result.error ? result.error.message : 'Its own message stands above.'}`)
}

/** Whether node_modules holds what the lock file asks for, whoever installed it. Optional packages of other platforms may be missing. */
function isInstalled(lock, tools) {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  if (!installed) return false
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    if (!found) return wanted.optional || ((wanted.dev || wanted.devOptional) && !tools)
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function install() {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const lockHash = sha256(lockText)
  const stamp = readJson(stampFile)
  if (stamp?.lock === lockHash && (stamp.tools || !withTools)) return
  const lock = JSON.parse(lockText)
  if (!isInstalled(lock, withTools)) {
    const first = !existsSync(join(root, 'node_modules'))
    say(
      first
        ? 'Installing the packages Parley is made of. This happens once and takes a minute or so.'
        : 'The packages changed. Installing them.',
    )
    // The npm that runs this script, and no install scripts: no package needs one.
    const npm = process.env.npm_execpath
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `--${withTools ? 'include' : 'omit'}=dev`]
    const words = 'npm could not install the packages.'
    if (npm) run(process.env.npm_node_execpath ?? process.execPath, [npm, ...args], words)
    else run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, words)
  }
  checkNode()
  writeFileSync(stampFile, JSON.stringify({ lock: lockHash, tools: isInstalled(lock, true) }))
}

/** The Node that an npm package brought must run here (it needs glibc); else the machine's own must be new enough. */
function checkNode() {
  const own = join(root, 'node_modules', '.bin', 'node')
  if (existsSync(own)) {
    if (spawnSync(own, ['--version']).status === 0) return
    rmSync(own) // so that npm scripts find the machine's own
  }
  if (Number(process.versions.node.split('.')[0]) >= minimumServerNode) return
  fail(
    `Parley needs Node ${minimumServerNode}. On most machines npm brings it along; for this one (${process.platform}, ${process.arch}) there is no such package.\n` +
      `Install Node ${minimumServerNode} and run the command again. This is Node ${process.versions.node}.`,
  )
}

/** Every file a build depends on: [path, size and time, full path]. */
function buildInputs() {
  const files = []
  const add = (path) => {
    const full = join(root, path)
    const stat = statSync(full, { throwIfNoEntry: false })
    if (!stat) return
    if (stat.isFile()) files.push([path, `${stat.size} ${stat.mtimeMs}`, full])
    else for (const entry of readdirSync(full)) if (!entry.includes('.test.')) add(`${path}/${entry}`)
  }
  for (const path of ['src', 'migrations', 'scripts', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json']) add(path)
  return files
}

/** Compares times first and contents only when a time moved, since a checkout touches files without changing them. */
function build() {
  const inputs = buildInputs()
  const times = sha256(inputs.map(([path, time]) => `${path} ${time}`).join('\n'))
  const stamp = readJson(buildStampFile)
  if (stamp?.times === times) return
  const contents = sha256(inputs.map(([path, , full]) => `${path} ${sha256(readFileSync(full))}`).join('\n'))
  if (stamp?.contents !== contents) {
    say(stamp ? 'The sources changed. Building again.' : 'Building the server and the web app.')
    const own = join(root, 'node_modules', '.bin', 'node')
    run(existsSync(own) ? own : process.execPath, ['scripts/build.ts'], 'The build failed.')
  }
  mkdirSync(dirname(buildStampFile), { recursive: true })
  writeFileSync(buildStampFile, JSON.stringify({ times, contents }))
}

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Parley needs Node 20 or later to set itself up. This is Node ${process.versions.node}.`)
if (!isPrepare) install()
if (!options.has('--no-build')) build()

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export type TestProject = 'unit' | 'slow' | 'postgres' | 'browser'

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const installCommand = 'sudo sh scripts/install-test-tools.sh'

/** A browser that tests can drive: `TEST_BROWSER`, or where systems put Chromium. */
export function findBrowser(): string | undefined {
  return [process.env.TEST_BROWSER ?? '', ...browsers].find((file) => file !== '' && existsSync(file))
}

function hasPostgres(): boolean {
  if (process.env.TEST_DATABASE_URL) return true
  const folder = '/usr/lib/postgresql'
  if (!existsSync(folder)) return false
  return readdirSync(folder).some(
    (version) =>
      Number(version) >= 15 &&
      existsSync(join(folder, version, 'bin/postgres')) &&
      existsSync(`/usr/share/postgresql/${version}/extension/vector.control`),
  )
}

/**
 * What the tests need beyond npm packages. On Debian, root gets it installed; everybody else is told the one command. `missing` says in words
 * what this machine cannot run.
 */
export function prepareTestTools(root: string): { env: NodeJS.ProcessEnv; missing: Partial<Record<TestProject, string>> } {
  const isDebian = existsSync('/etc/debian_version')
  if ((!hasPostgres() || !findBrowser()) && isDebian && process.getuid?.() === 0) {
    console.log('\nInstalling what the tests need: PostgreSQL with pgvector, and Chromium.')
    spawnSync('sh', ['scripts/install-test-tools.sh'], { cwd: root, stdio: 'inherit' })
  }
  const missing: Partial<Record<TestProject, string>> = {}
  const byCommand = isDebian ? ` \`${installCommand}\` installs it.` : ''
  if (!hasPostgres())
    missing.postgres = `PostgreSQL 15 or later with pgvector is not on this machine.${byCommand} Or set TEST_DATABASE_URL to a database that may be emptied.`
  const browser = findBrowser()
  if (!browser) missing.browser = `Chromium is not on this machine.${byCommand} Or set TEST_BROWSER to one.`
  return { env: browser ? { ...process.env, TEST_BROWSER: browser } : process.env, missing }
}

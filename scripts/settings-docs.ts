import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Setting, settings } from '../src/server/settings.ts'

const root = join(import.meta.dirname, '..')
const all: [string, Setting<unknown>][] = Object.entries(settings)
const markers = { start: '<!-- settings: written by `node scripts/settings-docs.ts` -->', end: '<!-- /settings -->' }

/** `.env.example`, from the table of settings. */
export function envExample(): string {
  const lines = [
    '# Every setting of Parley. Copy this file to `.env`, or set the variables where the server starts. Nothing here is required.',
  ]
  let section = ''
  for (const [name, setting] of all) {
    if (setting.section !== section) lines.push('', `# ${setting.section}`)
    section = setting.section
    lines.push(`# ${setting.description.replaceAll('`', '')}`, `# ${name}=${setting.default ?? ''}`)
  }
  return `${lines.join('\n')}\n`
}

/** The README with its table of settings replaced by the current one. */
export function readmeWithSettings(readme: string): string {
  const [before, rest] = readme.split(markers.start)
  const after = rest?.split(markers.end)[1]
  if (before === undefined || after === undefined) throw new Error(`README.md lacks the lines ${markers.start} and ${markers.end}`)
  const rows = all.map(
    ([name, { default: value, description }]) =>
      `| \`${name}\` | ${value === null ? '' : `\`${value}\``} | ${description.replaceAll('|', '\\|')} |`,
  )
  return `${before}${markers.start}\n| Variable | Default | What it does |\n| --- | --- | --- |\n${rows.join('\n')}\n${markers.end}${after}`
}

if (import.meta.main) {
  writeFileSync(join(root, '.env.example'), envExample())
  const readme = join(root, 'README.md')
  writeFileSync(readme, readmeWithSettings(readFileSync(readme, 'utf8')))
}

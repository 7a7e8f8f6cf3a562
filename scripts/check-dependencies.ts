import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import type { VariableDeclarator } from '@swc/core'
import { Visitor } from '@swc/core/Visitor.js'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { dependencyRules } from './dependency-rules.ts'

/** swc parses `using` and `await using`, but the walker over its tree that dependency-cruiser uses does not know the statement and throws. */
function teachWalkerUsing() {
  const { visitStatement } = Visitor.prototype
  Visitor.prototype.visitStatement = function (statement) {
    const { type, decls } = statement as unknown as { type: string; decls: VariableDeclarator[] }
    if (type !== 'UsingDeclaration') return visitStatement.call(this, statement)
    this.visitVariableDeclarators(decls)
    return statement
  }
}
teachWalkerUsing()

export interface Violation {
  rule: string
  comment: string
  from: string
  to: string
}

/**
 * The dependency rule over the sources below `root`. A parser that does not understand the sources finds no module and no violation, so every file
 * there must have been read.
 */
export async function checkDependencies(root: string, folders: string[]): Promise<{ modules: number; violations: Violation[] }> {
  const { forbidden, options } = dependencyRules
  const cruiseOptions: ICruiseOptions = { ...options, baseDir: root, ruleSet: { forbidden }, validate: true }
  const { output } = await cruise(folders, cruiseOptions, options.enhancedResolveOptions)
  const { modules, summary } = output as ICruiseResult

  const read = new Set(modules.map(({ source }) => source))
  for await (const file of glob(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: root },
  )) {
    if (!read.has(file) && !file.endsWith('.d.ts')) throw new Error(`dependency-cruiser did not read ${file}: its result means nothing.`)
  }
  const violations = summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    comment: forbidden.find(({ name }) => name === rule.name)?.comment ?? '',
    from,
    to: cycle ? cycle.map(({ name }) => name).join(' → ') : to,
  }))
  return { modules: modules.length, violations }
}

if (import.meta.main) {
  const { modules, violations } = await checkDependencies(join(import.meta.dirname, '..'), ['src', 'test', 'scripts', 'bench'])
  for (const { rule, comment, from, to } of violations) console.log(`${from} → ${to}\n  ${rule}: ${comment}`)
  console.log(`${modules} modules, ${violations.length} violations of the dependency rule`)
  process.exitCode = violations.length === 0 ? 0 : 1
}

import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { PackageManifest } from '../../../contract/agent-package-manifest.ts'
import type { Issue } from '../../../contract/errors.ts'
import { AppError } from '../../platform/errors/index.ts'

/** Its reader takes a moment for a text that was made to be slow, on the thread that answers everybody. */
export const maxManifestBytes = 128 * 1024
const maxIssues = 20

/** The manifest, or where it is wrong, line by line. Error: `agent-package.manifest_invalid`. */
export function readManifest(text: string): z.output<typeof PackageManifest> {
  try {
    return read(text)
  } catch (error) {
    // So deep that its reader ran out of stack.
    throw error instanceof RangeError ? invalid([{ path: [], message: 'is nested too deeply' }]) : error
  }
}

function read(text: string): z.output<typeof PackageManifest> {
  const lines = new LineCounter()
  const lineAt = (offset: number | undefined) => `line ${lines.linePos(offset ?? 0).line}`
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', uniqueKeys: false, prettyErrors: false, merge: false })
  if (document.errors.length > 0)
    throw invalid(document.errors.map((error) => issueOf([], `${lineAt(error.pos[0])}: ${error.message.split('\n')[0]}`)))
  let refused: Issue | undefined
  visit(document, {
    // A few lines of them can be made to say gigabytes.
    Alias: (_, node) => {
      refused = issueOf([], `${lineAt(node.range?.[0])}: aliases are not read here`)
      return visit.BREAK
    },
    // The reader's own look for them compares each with each.
    Map: (_, { items }) => {
      const seen = new Set<string>()
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value) : ''
        if (seen.has(name)) refused = issueOf([name.slice(0, 100)], `${lineAt((key as Node | null)?.range?.[0])}: is there twice`)
        seen.add(name)
      }
      return refused ? visit.BREAK : undefined
    },
  })
  if (refused) throw invalid([refused])
  const parsed = PackageManifest.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (parsed.success) return parsed.data
  throw invalid(
    parsed.error.issues.flatMap((issue) => {
      const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
      if (issue.code !== 'unrecognized_keys') return [issueOf(path, `${lineAt(offsetOf(document.contents, path))}: ${issue.message}`)]
      return issue.keys
        .slice(0, maxIssues)
        .map((key) =>
          issueOf(
            [...path, key],
            `${lineAt(offsetOf(document.contents, [...path, key], 'key'))}: “${key.slice(0, 100)}” is not known here`,
          ),
        )
    }),
  )
}

/** Where the value at a path begins, or its key; of what is missing, where it would stand. */
function offsetOf(from: Node | null, path: readonly (string | number)[], which: 'key' | 'value' = 'value'): number | undefined {
  let node: Node | null | undefined = from
  let offset = node?.range?.[0]
  for (const [index, part] of path.entries()) {
    if (!node || isScalar(node) || isAlias(node)) break
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
      if (!pair) break
      const isKeyWanted = which === 'key' && index === path.length - 1
      node = (isKeyWanted ? pair.key : (pair.value ?? pair.key)) as Node | null
    } else node = (node as unknown as { items: Node[] }).items[Number(part)]
    offset = node?.range?.[0] ?? offset
  }
  return offset
}

const issueOf = (path: readonly (string | number)[], message: string): Issue => ({ path: [...path], message })

function invalid(issues: Issue[]): AppError {
  return new AppError('agent-package.manifest_invalid', { issues: issues.slice(0, maxIssues), detail: issues[0]!.message })
}

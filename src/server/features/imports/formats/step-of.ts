import type { StoredPart } from '../../conversations/index.ts'

/** The pass that the next part belongs to: a pass ends when all of its calls have their results. */
export function stepOf(parts: readonly StoredPart[]): number {
  const step = Math.max(1, parts.at(-1)?.step ?? 1)
  let hasCalls = false
  for (let index = parts.length - 1; index >= 0 && parts[index]!.step === step; index--) {
    const part = parts[index]!
    if (part.type !== 'tool-call') continue
    if (part.result === null) return step
    hasCalls = true
  }
  return hasCalls ? step + 1 : step
}

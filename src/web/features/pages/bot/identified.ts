import type { QuickAction } from '../../../../contract/bots.ts'

/** They have no ids of their own: what one says names it, so that it keeps its name wherever it is moved, and two alike get two. */
export function identified(actions: readonly QuickAction[]): { id: string; action: QuickAction }[] {
  const seen = new Map<string, number>()
  return actions.map((action) => {
    // Quotation marks would end the attribute selector that finds a row.
    const words = encodeURIComponent(JSON.stringify([action.label, action.kind === 'tool' ? action.tool : [action.text]]))
    const count = (seen.get(words) ?? 0) + 1
    seen.set(words, count)
    return { id: `${count} ${words}`, action }
  })
}

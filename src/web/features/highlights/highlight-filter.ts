import type { HighlightColor } from '../../../contract/highlights.ts'
import { highlightColors, highlightKinds } from '../../../contract/mark-choices.ts'

/** What the list is filtered by, as its address says it. */
export interface HighlightFilter {
  kind?: 'text' | 'code' | undefined
  color?: HighlightColor | undefined
  pinned?: true | undefined
  search?: string | undefined
}

/** What makes no sense is left out: anybody may have written an address. */
export function readHighlightFilter(search: Record<string, unknown>): HighlightFilter {
  return {
    kind: highlightKinds.find((kind) => kind === search.kind),
    color: highlightColors.find((color) => color === search.color),
    pinned: search.pinned === true ? true : undefined,
    search: typeof search.search === 'string' && search.search !== '' ? search.search.slice(0, 200) : undefined,
  }
}

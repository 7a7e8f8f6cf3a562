import { createContext, useContext, useMemo } from 'react'
import type { Highlight } from '../../../contract/highlights.ts'
import { findQuote } from './find-quote.ts'

/** What a reader marked in the answer around. */
export const MarkedPassages = createContext<readonly Highlight[] | undefined>(undefined)

/** Whether something in this code is marked: then it has to be in sight, since only what is drawn can show its marks. */
export function useIsMarked(language: string, text: string): boolean {
  const highlights = useContext(MarkedPassages)
  return useMemo(
    () =>
      highlights?.some(
        (one) => one.kind === 'code' && (one.language ?? '') === language && findQuote(text, one.textQuote, one.start) !== undefined,
      ) ?? false,
    [highlights, language, text],
  )
}

import { type RefObject, useEffect, useRef } from 'react'
import type { Highlight } from '../../../contract/highlights.ts'
import type { ConversationId } from '../../../contract/ids.ts'
import { api } from '../../api.ts'
import { queryClient } from '../../query-client.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { readDrawn } from '../highlights/drawn-text.ts'
import { findQuote } from '../highlights/find-quote.ts'
import { highlightsOf } from '../highlights/highlight-queries.ts'
import { h } from '../highlights/strings.ts'
import type { TranscriptHandle } from './transcript/transcript.tsx'
import { loadAround, readTranscript } from './transcript/transcript-query.ts'
import { transcriptKey } from './transcript/window.ts'

/** Brings the reader to the place of a highlight that the address names, once, on whatever path it stands. */
export function useShownHighlight(
  id: ConversationId,
  highlightId: string | undefined,
  isLoaded: boolean,
  column: RefObject<TranscriptHandle | null>,
): void {
  const shown = useRef<string>(undefined)
  useEffect(() => {
    if (highlightId === undefined || !isLoaded || shown.current === highlightId) return
    shown.current = highlightId
    show(id, highlightId, column).catch((error: unknown) => showError(error, h('open.failed')))
  }, [id, highlightId, isLoaded, column])
}

async function show(id: ConversationId, highlightId: string, column: RefObject<TranscriptHandle | null>): Promise<void> {
  const highlight = (await queryClient.fetchQuery(highlightsOf(id))).find((one) => one.id === highlightId)
  if (!highlight) return showToast({ title: h('open.failed') })
  const { messageId, depth } = highlight
  const isShown = () => readTranscript(id)?.messages.get(depth)?.id === messageId
  await loadAround(id, depth, depth + 1)
  if (!isShown()) {
    await api.conversations.switchBranch({ id, messageId })
    await queryClient.resetQueries({ queryKey: transcriptKey(id) })
    await loadAround(id, depth, depth + 1)
  }
  requestAnimationFrame(() => {
    column.current?.toMessage(depth)
    requestAnimationFrame(() => toPassage(highlight))
  })
}

function toPassage({ depth, textQuote, start }: Highlight): void {
  const message = document.querySelector(`.message[data-message="${depth}"]`)
  if (!message) return
  const drawn = readDrawn(message)
  const place = findQuote(drawn.text, textQuote, start)
  const range = place && drawn.rangeOf(place)
  if (range) range.startContainer.parentElement?.scrollIntoView({ block: 'center' })
  else showToast({ title: h('open.gone') })
}

import { useNavigate } from '@tanstack/react-router'
import { lazy, type ReactNode, type RefObject, Suspense, useCallback, useRef } from 'react'
import type { ConversationId, MessageId } from '../../../contract/ids.ts'
import { t } from '../../strings/index.ts'
import { useIsNarrow } from '../../ui/media-query.ts'
import { showError } from '../../ui/toast.tsx'
import { liveTurns } from '../conversations/live/live.ts'
import { findMessage } from '../conversations/transcript/find-message.ts'
import { loadAround, readTranscript } from '../conversations/transcript/transcript-query.ts'
import type { TranscriptHandle } from '../conversations/transcript/transcript.tsx'
import { findGap, type TranscriptWindow } from '../conversations/transcript/window.ts'
import { addressOf, readAddress } from './artifact-address.ts'
import type { OpenArtifact } from './artifacts-context.ts'
import { artifactsOfParts } from './use-artifacts.ts'

const ArtifactPanel = lazy(() => import('./artifact-panel.tsx').then((module) => ({ default: module.ArtifactPanel })))

interface Options {
  conversationId: ConversationId
  window: TranscriptWindow | undefined
  /** As the page's address says it. */
  address: string | undefined
  column: RefObject<TranscriptHandle | null>
}

/** The panel beside a conversation, and what opens it. Which one is open stands in the page's address. */
export function useArtifactPanel({ conversationId: id, window, address, column }: Options): { open: OpenArtifact; panel: ReactNode } {
  const navigate = useNavigate()
  const isNarrow = useIsNarrow()
  /** What was open when the page was loaded waits for a press: it may be what made somebody reload. */
  const isWanted = useRef(false)
  const opener = useRef<Element | null>(null)

  const choose = useCallback(
    (artifact: string | undefined, replace: boolean) =>
      navigate({ to: '/c/$conversationId', params: { conversationId: id }, search: (now) => ({ ...now, artifact }), replace }),
    [navigate, id],
  )
  const open = useCallback<OpenArtifact>(
    (messageId, source) => {
      const message = [...(readTranscript(id)?.messages.values() ?? [])].find((one) => one.id === messageId)
      if (!message) return
      const turnId = message.answer?.turnId
      const artifacts = artifactsOfParts((turnId && liveTurns.get(turnId)?.parts) || message.parts)
      // What is being written has grown since it was drawn.
      const exact = artifacts.findIndex((one) => one.source === source)
      const index = exact >= 0 ? exact : artifacts.findIndex((one) => one.source.startsWith(source))
      opener.current = document.activeElement
      isWanted.current = true
      void choose(
        addressOf({ messageId, index: index >= 0 ? index : artifacts.length - 1 }),
        document.querySelector('.artifact-panel') !== null,
      )
    },
    [id, choose],
  )
  const chooseVersion = useCallback(
    (version: string) => {
      isWanted.current = true
      void choose(version, true)
    },
    [choose],
  )

  if (address === undefined || !window) return { open, panel: null }
  const close = async () => {
    await choose(undefined, true)
    if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus()
  }
  const showMessage = async (messageId: MessageId | null) => {
    const wanted = messageId ?? readAddress(address)?.messageId
    if (wanted === undefined) return
    try {
      const { depth } = await findMessage(id, wanted)
      if (isNarrow) await choose(undefined, true)
      requestAnimationFrame(() => column.current?.toMessage(depth))
    } catch (error) {
      showError(error, t('conversation.found.failed'))
    }
  }
  const hasGap = findGap(window, 0, window.pathLength) !== undefined
  const panel = (
    <Suspense>
      <ArtifactPanel
        window={window}
        address={address}
        isWanted={isWanted.current}
        onLoadOlder={hasGap ? () => void loadAround(id, 0, window.pathLength).catch((error: unknown) => showError(error)) : null}
        onChoose={chooseVersion}
        onShowMessage={(messageId) => void showMessage(messageId)}
        onClose={() => void close()}
      />
    </Suspense>
  )
  return { open, panel }
}

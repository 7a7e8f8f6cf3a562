import { createContext, useContext } from 'react'
import type { MessageId } from '../../../contract/ids.ts'
import { PictureMessage } from '../conversations/markdown/remote-image.tsx'

/** Opens a block of a message beside the conversation, as it is written there. */
export type OpenArtifact = (messageId: MessageId, source: string) => void

/** Null where there is no conversation around, as in a preview. */
export const ArtifactOpener = createContext<OpenArtifact | null>(null)

/** For a block in the text of an answer; null anywhere else. */
export function useOpenArtifact(source: string | undefined): (() => void) | null {
  const open = useContext(ArtifactOpener)
  const message = useContext(PictureMessage)
  return open && message && source !== undefined ? () => open(message.messageId, source) : null
}

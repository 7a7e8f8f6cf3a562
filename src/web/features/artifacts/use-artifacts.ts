import type { Message, Part } from '../../../contract/messages.ts'
import { isActive, useLiveAnswer } from '../conversations/live/live.ts'
import { segmentsOf } from '../conversations/transcript/message-text.ts'
import type { TranscriptWindow } from '../conversations/transcript/window.ts'
import { type Artifact, artifactsOf, type ArtifactVersion } from './find-artifacts.ts'

/** What is stored is never changed in place, so it is read once. */
const known = new WeakMap<readonly Part[], Artifact[]>()

export function artifactsOfParts(parts: readonly Part[]): Artifact[] {
  const found = known.get(parts) ?? artifactsOf(segmentsOf(parts).flatMap((one) => (one.kind === 'text' ? [one.text] : [])))
  known.set(parts, found)
  return found
}

export interface LiveArtifact extends ArtifactVersion {
  isBeingWritten: boolean
}

/** Every artifact of the answers that are loaded, and of the one that is being written, in their order. */
export function useArtifacts(window: TranscriptWindow): LiveArtifact[] {
  const answers = [...window.messages.values()].filter(({ role }) => role === 'assistant').toSorted((one, other) => one.depth - other.depth)
  const active = answers.find((message) => isActive(message))
  const live = useLiveAnswer(active?.answer?.turnId)
  const partsOf = (message: Message) => (message === active && live ? live.parts : message.parts)
  return answers.flatMap((message) =>
    artifactsOfParts(partsOf(message)).map((artifact, index) => ({
      ...artifact,
      messageId: message.id,
      depth: message.depth,
      index,
      isBeingWritten: message === active && !artifact.isClosed,
    })),
  )
}

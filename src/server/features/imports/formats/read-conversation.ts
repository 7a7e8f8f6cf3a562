import type { ConversationChoices } from '../../../../contract/conversation-settings.ts'
import type { ImportNote, ImportNotes, ImportSource } from '../../../../contract/imports.ts'
import type { Feedback } from '../../../../contract/messages.ts'
import type { StoredPart } from '../../conversations/index.ts'

/** A message as an archive has it. Ids are the archive's. */
export interface ReadMessage {
  id: string
  /** Null: it begins the conversation. */
  parentId: string | null
  role: 'user' | 'assistant' | 'system'
  parts: StoredPart[]
  model: string | null
  at: Date | null
  feedback: Feedback | null
}

export interface ReadConversation {
  source: ImportSource
  externalId: string
  title: string
  createdAt: Date | null
  updatedAt: Date | null
  /** The last message of the path that was shown. */
  headId: string | null
  isPinned: boolean
  isArchived: boolean
  tags: string[]
  settings: ConversationChoices | null
  /** Versions of one place in their order. */
  messages: ReadMessage[]
  notes: Notes
}

/** What was left out or not understood, counted. */
export class Notes {
  readonly counts: ImportNotes = {}

  add(note: ImportNote, count = 1): void {
    if (count > 0) this.counts[note] = (this.counts[note] ?? 0) + count
  }
}

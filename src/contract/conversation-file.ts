import { z } from 'zod'
import { ConversationChoices } from './conversation-settings.ts'
import { Instant } from './ids.ts'
import { Feedback, Part } from './messages.ts'
import { WebSearch } from './models.ts'

export const conversationFormat = 'parley.conversation/1'

/** Which model answered. Names, since ids mean something on one server only. */
const FileModel = z.object({
  name: z.string().describe('for people'),
  internalName: z.string().nullable().describe("the provider's own name"),
  provider: z.string().nullable(),
})

export const FileMessage = z.object({
  id: z.string(),
  parentId: z
    .string()
    .nullable()
    .describe('null begins the conversation; several messages may share a parent and are versions of one place'),
  role: z.enum(['user', 'assistant', 'system']),
  createdAt: Instant,
  model: FileModel.nullable().describe('of answers'),
  parts: z.array(Part),
  feedback: Feedback.nullable().describe("the owner's own"),
})
export type FileMessage = z.infer<typeof FileMessage>

/** A conversation as a file: everything needed to make its tree again, and nothing of anybody but its owner. Described in docs/design/conversation-file.md. */
export const ConversationFile = z.object({
  format: z.literal(conversationFormat),
  id: z.string(),
  title: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  headId: z.string().nullable().describe('the last message of the path that is shown'),
  isPinned: z.boolean(),
  isArchived: z.boolean(),
  tags: z.array(z.string()),
  settings: ConversationChoices.extend({ webSearch: WebSearch.nullable().default(null) }).nullable(),
  messages: z.array(FileMessage).describe('parents before what follows them; versions of one place in their order'),
})
export type ConversationFile = z.infer<typeof ConversationFile>

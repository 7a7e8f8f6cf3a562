/** What the conversations say. Merged into the catalogue of the app; keys begin with `conversation.`. */
export const conversationStrings = {} as const

export { appendMessage, hasMessage } from './append-message.ts'
export { type ConversationDeps, type RequireUsable } from './change-conversations.ts'
export { copyHistory, type SaidElsewhere } from './copy-history.ts'
export { eraseTemporary } from './erase-temporary.ts'
export { type HistoryMessage, keepHistory } from './keep-history.ts'
export { purgeConversations, trashUntouched } from './purge-conversations.ts'
export { listMessages, requireConversation } from './read-conversations.ts'
export { findPath, isOnPath, type Path, readPath } from './read-path.ts'
export { lockOwnConversation, requireMessage } from './require-owned.ts'
export { conversationRoutes } from './routes.ts'
export { createUsageAlerts } from './usage-alerts.ts'
export { findParts } from './message-store.ts'
export type { ConversationRow } from './store.ts'
export { type StoredPart, withoutMetadata } from './stored-part.ts'
export {
  extendImported,
  type ImportedConversation,
  type ImportedMessage,
  type PlacedMessage,
  placeKey,
  writeImported,
} from './write-imported.ts'

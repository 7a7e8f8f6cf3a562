export { type ConversationDeps, createConversation } from './change-conversations.ts'
export { requireConversation } from './read-conversations.ts'
export { conversationRoutes } from './routes.ts'
export { listPath, findMessage } from './store.ts'

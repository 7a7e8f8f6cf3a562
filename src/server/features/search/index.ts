export { checkIndex, createIndexer, forgetConversations, recallConversations, recallSince } from './index-messages.ts'
export { searchRoutes } from './routes.ts'

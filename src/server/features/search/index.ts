export { checkIndex, createIndexer, forgetConversations, recallConversations } from './index-messages.ts'
export { searchRoutes } from './routes.ts'

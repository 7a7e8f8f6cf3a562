export { checkIndex, createIndexer, forgetConversations, recallConversations, recallSince } from './index-messages.ts'
export { recall } from './recall.ts'
export { searchRoutes } from './routes.ts'

export { exportConversation } from './export-conversation.ts'
export { exportRoutes } from './routes.ts'

export { useModels } from './composer/models.ts'
export { ConversationScreen } from './conversation-screen.tsx'
export { startLive, stopLive } from './live/start-live.ts'
export { NewConversationScreen } from './new-conversation-screen.tsx'

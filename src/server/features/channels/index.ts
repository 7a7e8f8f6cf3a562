import './tables.ts'

export type { ChannelDeps } from './channel-deps.ts'
export { createChannels } from './create-channels.ts'
export { forgetEvents } from './forget-events.ts'
export { receiveEvent } from './receive-event.ts'
export { inboxRoutes, installationRoutes } from './routes.ts'

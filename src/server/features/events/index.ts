export { type EventDeps, followEvents } from './follow-events.ts'
export { eventRoutes } from './routes.ts'
export { appendUserEvents, userEventLog } from './store.ts'

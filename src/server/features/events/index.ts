export { type EventDeps, followEvents } from './follow-events.ts'
export { eventRoutes } from './routes.ts'
export { userEventLog } from './store.ts'
export { type Tell, tellPeople } from './tell.ts'

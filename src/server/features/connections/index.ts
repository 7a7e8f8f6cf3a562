export type { ConnectionsDeps } from './connections-deps.ts'
export { saveHouseConnections } from './house-connections.ts'
export { type HouseListing, listBuiltIn, startHouseListing } from './house-listing.ts'
export { connectionRoutes } from './routes.ts'

export { costOf, type Price, reservationFor, trancheCost, trancheTokens } from './money.ts'
export { costOfConversation } from './store.ts'
export { budgetRoutes, usageRoutes } from './routes.ts'

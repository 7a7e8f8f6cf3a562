export { costOf, type Price, reservationFor, trancheCost, trancheTokens } from './money.ts'
export { budgetRoutes, usageRoutes } from './routes.ts'

export { costOf, type Price, reservationFor, trancheCost, trancheTokens } from './money.ts'

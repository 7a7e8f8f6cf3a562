/** The contract's, for words at the field before anything is sent. */
export const ranges = {
  visitorDailyLimit: { min: 0, max: 10_000, isWhole: true },
  dailyLimit: { min: 0, max: 1_000_000, isWhole: true },
  visitMinutes: { min: 5, max: 1_440, isWhole: true },
} as const

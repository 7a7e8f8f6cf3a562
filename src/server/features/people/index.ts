export {
  deleteExpired,
  findUserIdByEmail,
  hasUsers,
  insertAccount,
  insertGrant,
  listMemberIds,
  listRecentUserIds,
  type RoleName,
} from './account-store.ts'
export { authLibrary, type AuthLibrary } from './auth-library.ts'
export { makeEntryToken } from './enter.ts'
export { ensureAdmin } from './ensure-admin.ts'
export {
  type ApiKeyRow,
  createApiKeyForOperator,
  createUserForOperator,
  listApiKeysForOperator,
  listUsersForOperator,
  type OperatorDeps,
  revokeApiKeyForOperator,
  setPasswordForOperator,
  setUserStatusForOperator,
  type UserRow,
} from './for-operator.ts'
export { limitAttempts } from './limit-attempts.ts'
export type { PeopleDeps } from './people-deps.ts'
export { peopleRoutes } from './routes.ts'

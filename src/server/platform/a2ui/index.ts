export { actionOf, type DeclaredAction } from './action-of.ts'
export { basicCatalogue, type Component, surfaceMessages } from './surface-messages.ts'
export { surfaceProblems } from './surface-problems.ts'

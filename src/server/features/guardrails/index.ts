export { createGuardrails, type Guardrails } from './create-guardrails.ts'
export { guardrailRoutes } from './routes.ts'
export { removeOldVerdicts } from './store.ts'

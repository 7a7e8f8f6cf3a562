export { confine, type ConfinedProgram, type Confinement } from './confine.ts'
export { ConfinementError } from './confinement-error.ts'
export { confinementStatus, type ConfinementStatus } from './status.ts'

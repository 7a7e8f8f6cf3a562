export type { Language } from './protocol.ts'
export { createSandbox, type Sandbox } from './sandbox.ts'

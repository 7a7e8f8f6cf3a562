export { createInspector, type Inspected, type Inspector, type RefusalReason } from './inspect.ts'

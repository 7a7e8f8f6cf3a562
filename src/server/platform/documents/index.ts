export { decodePage } from './decode-page.ts'
export { createInspector, type Inspected, type Inspector, type RefusalReason } from './inspect.ts'
export { createPageReader, type Page, type PageReader } from './read-page.ts'

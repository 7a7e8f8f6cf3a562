export { renderMissing, renderPage, renderPreview } from './document.ts'
export { renderLlmsText } from './llms-text.ts'
export type { PageContent } from './page-content.ts'
export { coloursOf, styleOf } from './style.ts'

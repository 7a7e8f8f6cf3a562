import type { Snippet } from '../../../contract/search.ts'

/** What was found, marked in what stands around it. */
export function SnippetText({ snippet }: { snippet: Snippet }) {
  return snippet.map(({ text, isHit }, index) => (isHit ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>))
}

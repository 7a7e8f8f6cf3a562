import { Check, Copy, PanelRightOpen } from 'lucide-react'
import { memo, type ReactNode, useState } from 'react'
import { t } from '../../../strings/index.ts'
import { useOpenArtifact } from '../../artifacts/artifacts-context.ts'
import { a } from '../../artifacts/strings.ts'
import { useCopy } from '../use-copy.ts'
import type { Token } from './highlight-tokens.ts'
import { useHighlight } from './use-highlight.ts'

/** More lines than this are folded: nobody scrolls past ten thousand lines to the next sentence. */
const maxLines = 400

interface Props {
  language: string
  text: string
  isClosed: boolean
  /** As it was written: by this it is opened beside the conversation. */
  source?: string
}

export const CodeBlock = memo(function CodeBlock({ language, text, isClosed, source }: Props) {
  const [isWhole, setWhole] = useState(false)
  const { isCopied, copy } = useCopy()
  const open = useOpenArtifact(source)
  const lineCount = countLines(text)
  const isFolded = !isWhole && lineCount > maxLines + 50
  const shown = isFolded ? firstLines(text, maxLines) : text
  const tokens = useHighlight(language, shown, isClosed)
  return (
    <figure className="md-code" data-language={language || undefined}>
      <figcaption className="md-code-head">
        <span>{language || t('conversation.code.plain')}</span>
        <span className="md-code-actions">
          {open && (
            <button type="button" className="md-code-copy" title={a('open')} onClick={open}>
              <PanelRightOpen size={14} strokeWidth={1.75} aria-hidden />
              <span className="md-code-action-name">{a('open')}</span>
            </button>
          )}
          <button type="button" className="md-code-copy" onClick={() => copy(text)}>
            {isCopied ? <Check size={14} strokeWidth={2} aria-hidden /> : <Copy size={14} strokeWidth={1.75} aria-hidden />}
            {isCopied ? t('ui.copied') : t('ui.copy')}
          </button>
        </span>
      </figcaption>
      {/* Long lines scroll, so the keyboard has to reach it. */}
      <pre tabIndex={0} role="region" aria-label={t('conversation.code.label', { language: language || t('conversation.code.plain') })}>
        <code>{colour(shown, tokens)}</code>
      </pre>
      {isFolded && (
        <button type="button" className="md-more" onClick={() => setWhole(true)}>
          {t('conversation.code.all', { count: lineCount })}
        </button>
      )}
    </figure>
  )
})

function colour(text: string, tokens: readonly Token[]): ReactNode {
  if (tokens.length === 0) return text
  const nodes: ReactNode[] = []
  let at = 0
  for (const [from, to, kind] of tokens) {
    if (from >= text.length) break
    if (from > at) nodes.push(text.slice(at, from))
    nodes.push(
      <span key={from} className={`tok-${kind}`}>
        {text.slice(from, to)}
      </span>,
    )
    at = to
  }
  nodes.push(text.slice(at))
  return nodes
}

function countLines(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

function firstLines(text: string, count: number): string {
  let end = -1
  for (let line = 0; line < count; line += 1) {
    end = text.indexOf('\n', end + 1)
    if (end < 0) return text
  }
  return text.slice(0, end)
}

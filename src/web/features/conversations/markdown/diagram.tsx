import { Code, Maximize2, PanelRightOpen, Waypoints } from 'lucide-react'
import { lazy, memo, Suspense, useEffect, useState } from 'react'
import { t } from '../../../strings/index.ts'
import { useIsDark } from '../../../theme.ts'
import { useOpenArtifact } from '../../artifacts/artifacts-context.ts'
import { a } from '../../artifacts/strings.ts'
import { CodeBlock } from './code-block.tsx'
import { drawDiagram, type Picture } from './draw-diagram.ts'
import './diagram.css'

const PictureDialog = lazy(() => import('./picture-dialog.tsx').then((module) => ({ default: module.PictureDialog })))

/** A diagram that is written to its end. Its source stands there until it is drawn, where it cannot be, and on demand. */
export const Diagram = memo(function Diagram({ text, source }: { text: string; source?: string }) {
  const isDark = useIsDark()
  const [drawn, setDrawn] = useState<{ text: string; result: Picture | { error: string } }>()
  const [isSourceShown, setSourceShown] = useState(false)
  const [isLarge, setLarge] = useState(false)
  const open = useOpenArtifact(source)
  useEffect(() => {
    let isCurrent = true
    void drawDiagram(text, isDark).then((result) => isCurrent && setDrawn({ text, result }))
    return () => {
      isCurrent = false
    }
  }, [text, isDark])

  const result = drawn?.text === text ? drawn.result : undefined
  if (!result || 'error' in result)
    return (
      <>
        <CodeBlock language="mermaid" text={text} isClosed />
        {result && (
          <p className="md-diagram-error" role="note">
            {t('conversation.diagram.failed')} {result.error && <span className="md-diagram-reason">{result.error}</span>}
          </p>
        )}
      </>
    )
  return (
    <figure className="md-code md-diagram">
      <figcaption className="md-code-head">
        <span>{result.title || t('conversation.diagram')}</span>
        <span className="md-diagram-actions">
          <button type="button" className="md-code-copy" aria-pressed={isSourceShown} onClick={() => setSourceShown(!isSourceShown)}>
            {isSourceShown ? <Waypoints size={14} strokeWidth={1.75} aria-hidden /> : <Code size={14} strokeWidth={1.75} aria-hidden />}
            {t('conversation.diagram.source')}
          </button>
          {open && (
            <button type="button" className="md-code-copy" title={a('open')} onClick={open}>
              <PanelRightOpen size={14} strokeWidth={1.75} aria-hidden />
              <span className="md-code-action-name">{a('open')}</span>
            </button>
          )}
          <button type="button" className="md-code-copy" onClick={() => setLarge(true)}>
            <Maximize2 size={14} strokeWidth={1.75} aria-hidden />
            {t('conversation.picture.large')}
          </button>
        </span>
      </figcaption>
      {isSourceShown ? (
        <CodeBlock language="mermaid" text={text} isClosed />
      ) : (
        <img src={result.url} width={result.width} height={result.height} alt={result.title || t('conversation.diagram.alt')} />
      )}
      {isLarge && (
        <Suspense>
          <PictureDialog {...result} title={result.title || t('conversation.diagram')} onClose={() => setLarge(false)} />
        </Suspense>
      )}
    </figure>
  )
})

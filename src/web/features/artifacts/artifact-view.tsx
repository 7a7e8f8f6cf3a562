import { Play } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { CodeBlock } from '../conversations/markdown/code-block.tsx'
import { Diagram } from '../conversations/markdown/diagram.tsx'
import { Markdown } from '../conversations/markdown/markdown.tsx'
import { ArtifactFrame } from './artifact-frame.tsx'
import { previewPage } from './preview-page.ts'
import { a } from './strings.ts'
import type { LiveArtifact } from './use-artifacts.ts'

interface Props {
  artifact: LiveArtifact
  view: 'preview' | 'source'
  isRunning: boolean
  onRun: () => void
}

/** What it looks like, or how it is written. What is still being written grows as its source; half a program runs nowhere. */
export function ArtifactView({ artifact, view, isRunning, onRun }: Props) {
  const { kind, text, language, isBeingWritten, name } = artifact
  if (view === 'preview' && kind === 'markdown')
    return (
      <div className="artifact-page" tabIndex={0} role="region" aria-label={a('preview')}>
        <Markdown text={text} isStreaming={isBeingWritten} />
      </div>
    )
  if (view === 'source' || kind === 'code' || isBeingWritten)
    return (
      <div className="artifact-page artifact-source">
        {view === 'preview' && kind !== 'code' && (
          <p className="artifact-note" role="status">
            {a('unfinished')}
          </p>
        )}
        <CodeBlock language={kind === 'diagram' ? 'mermaid' : language} text={text} isClosed={!isBeingWritten} />
      </div>
    )
  if (kind === 'diagram')
    return (
      <div className="artifact-page">
        <Diagram text={text} />
      </div>
    )
  if (!isRunning)
    return (
      <EmptyState
        title={a('stopped')}
        action={
          <Button icon={Play} onClick={onRun}>
            {a('run')}
          </Button>
        }
      >
        {a('stopped.text')}
      </EmptyState>
    )
  return <ArtifactFrame html={previewPage(kind, text)} title={name || a(`kind.${kind}`)} />
}

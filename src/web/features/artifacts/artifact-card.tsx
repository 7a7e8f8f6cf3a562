import { Code, FileCode2, FileImage, FileText, PanelRightOpen } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useIsMarked } from '../highlights/marked-passages.ts'
import { artifactOfBlock, type ArtifactKind } from './find-artifacts.ts'
import { a } from './strings.ts'
import './artifact-card.css'

const icons = { html: FileCode2, svg: FileImage, markdown: FileText, diagram: FileCode2, code: Code } satisfies Record<
  ArtifactKind,
  unknown
>

interface Props {
  block: { language: string; text: string; source: string; isClosed: boolean }
  isWriting: boolean
  onOpen: () => void
  /** The block as it would stand in the text. */
  children: ReactNode
}

/** A long document in an answer: what it is, and the way to it. Its source unfolds in place, by itself where something in it is marked. */
export function ArtifactCard({ block, isWriting, onOpen, children }: Props) {
  const [chosen, setChosen] = useState<boolean | null>(null)
  const isMarked = useIsMarked(block.language, block.text)
  const isSourceShown = chosen ?? isMarked
  const artifact = artifactOfBlock(block)
  const Icon = icons[artifact.kind]
  const name = artifact.name || a(`kind.${artifact.kind}`)
  return (
    <div className="artifact-card">
      <div className="artifact-card-head">
        <button type="button" className="artifact-card-open" onClick={onOpen}>
          <Icon size={20} strokeWidth={1.5} aria-hidden />
          <span className="artifact-card-name">{name}</span>
          <span className="artifact-card-facts numeric">
            {[a(`kind.${artifact.kind}`), a('lines', { count: block.text.split('\n').length }), isWriting ? a('writing') : '']
              .filter(Boolean)
              .join(' · ')}
          </span>
          <span className="visually-hidden">{a('open')}</span>
          <PanelRightOpen size={16} strokeWidth={1.75} aria-hidden />
        </button>
        <button type="button" className="md-code-copy" aria-expanded={isSourceShown} onClick={() => setChosen(!isSourceShown)}>
          <Code size={14} strokeWidth={1.75} aria-hidden />
          {a('source.show')}
        </button>
      </div>
      {isSourceShown && children}
    </div>
  )
}

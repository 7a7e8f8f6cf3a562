import { lazy, Suspense, useState } from 'react'
import type { FilePart } from '../../../contract/messages.ts'
import { Button } from '../../ui/button.tsx'
import { MessageFiles } from './message-files.tsx'
import { f } from './strings.ts'
import './files.css'

const ChangesDialog = lazy(() => import('./changes-dialog.tsx').then((module) => ({ default: module.ChangesDialog })))

/** The files that an answer wrote: to open, and where one was changed, what changed and the way back. */
export function AnswerFiles({ files }: { files: readonly FilePart[] }) {
  return (
    <div className="answer-files" role="group" aria-label={f('answer')}>
      {files.map((part) => (
        <AnswerFile key={part.attachmentId} part={part} />
      ))}
    </div>
  )
}

function AnswerFile({ part }: { part: FilePart }) {
  const [isShown, setShown] = useState(false)
  return (
    <div className="answer-file">
      <MessageFiles parts={[part]} />
      {part.version !== undefined && <span className="file-row-kind numeric">{f('version', { number: part.version })}</span>}
      {part.replacesId && (
        <Button size="s" variant="quiet" onClick={() => setShown(true)} aria-label={f('changes.of', { name: part.name })}>
          {f('changes')}
        </Button>
      )}
      {isShown && part.replacesId && (
        <Suspense>
          <ChangesDialog part={part} before={part.replacesId} onClose={() => setShown(false)} />
        </Suspense>
      )}
    </div>
  )
}

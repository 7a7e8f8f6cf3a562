import { useQueryClient } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { type FileReport, importFiles } from './prompt-file.ts'
import { p } from './strings.ts'
import './prompts.css'

/** Takes files with prompts, and tells of each what became of it. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { id: workspaceId } = useWorkspace()
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [reports, setReports] = useState<readonly FileReport[]>([])
  const [isBusy, setBusy] = useState(false)

  async function take(files: readonly File[]) {
    if (files.length === 0 || isBusy) return
    setBusy(true)
    setReports([])
    await importFiles(workspaceId, files, (report) => setReports((before) => [...before, report]))
    setBusy(false)
    void client.invalidateQueries({ queryKey: query.prompts.list.key() })
  }
  function onDrop(event: DragEvent) {
    event.preventDefault()
    void take([...event.dataTransfer.files])
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} width="m" title={p('import.title')} description={p('import.help')}>
      <div className="prompt-drop" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
        <FileUp size={20} strokeWidth={1.5} aria-hidden />
        <Button isPending={isBusy} onClick={() => input.current?.click()}>
          {p('import.choose')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept=".json,.md,.markdown,application/json,text/markdown"
          aria-label={p('import.choose')}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])]
            // So that the same file can be chosen again.
            event.target.value = ''
            void take(files)
          }}
        />
      </div>
      <div role="status" className="prompt-reports">
        {reports.map((report, index) => (
          <Report key={index} report={report} />
        ))}
      </div>
    </Dialog>
  )
}

function Report({ report }: { report: FileReport }) {
  if ('error' in report)
    return (
      <p className="prompt-report" data-tone="danger">
        <strong>{report.fileName}</strong> {report.error}
      </p>
    )
  const count = (outcome: 'added' | 'known' | 'refused') => report.prompts.filter((one) => one.outcome === outcome).length
  const refused = report.prompts.filter((one) => one.outcome === 'refused')
  const facts = (['added', 'known', 'refused'] as const)
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => p(`import.${outcome}`, { count: count(outcome) }))
  return (
    <div className="prompt-report">
      <p>
        <strong>{report.fileName}</strong> {facts.join(' · ')}
      </p>
      {refused.length > 0 && (
        <ul>
          {refused.slice(0, 50).map(({ name, reason }, index) => (
            <li key={index}>{p(`import.reason.${reason ?? 'content'}`, { name: name || p('import.unnamed') })}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

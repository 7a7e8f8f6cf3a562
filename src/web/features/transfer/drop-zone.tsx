import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { s } from './strings.ts'

/** Takes a file, dropped or chosen. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [isOver, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)

  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  function onDrop(event: DragEvent) {
    if (!hasFiles(event)) return
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file) onFile(file)
  }

  return (
    <div
      className="drop-zone"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <FileUp size={20} strokeWidth={1.5} aria-hidden />
      <p className="drop-zone-words">
        <span className="drop-zone-drop">
          {s('drop.title')} {s('drop.or')}
        </span>
        <Button onClick={() => input.current?.click()}>{s('drop.choose')}</Button>
      </p>
      <input
        ref={input}
        type="file"
        hidden
        accept=".zip,.json,application/zip,application/json"
        aria-label={s('drop.choose')}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          // So that the same file can be chosen again.
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
      <p className="drop-zone-where">{s('drop.where.chatgpt')}</p>
      <p className="drop-zone-where">{s('drop.where.claude')}</p>
    </div>
  )
}

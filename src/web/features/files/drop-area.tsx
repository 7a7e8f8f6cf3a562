import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { f } from './strings.ts'

/** Files may be dropped anywhere on the screen of a conversation. */
export function DropArea({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [isOver, setOver] = useState(false)
  const take = useRef(onFiles)
  useEffect(() => {
    take.current = onFiles
  })
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    // Each element that is entered says so before the one that is left.
    let depth = 0
    const listen: { [Name in 'dragenter' | 'dragover' | 'dragleave' | 'drop']: (event: DragEvent) => void } = {
      dragenter: (event) => {
        if (!hasFiles(event)) return
        depth++
        setOver(true)
      },
      dragover: (event) => hasFiles(event) && event.preventDefault(),
      dragleave: (event) => {
        if (!hasFiles(event)) return
        depth = Math.max(0, depth - 1)
        if (depth === 0) setOver(false)
      },
      drop: (event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        depth = 0
        setOver(false)
        take.current([...(event.dataTransfer?.files ?? [])])
      },
    }
    for (const [name, listener] of Object.entries(listen)) document.addEventListener(name as 'drop', listener)
    return () => {
      for (const [name, listener] of Object.entries(listen)) document.removeEventListener(name as 'drop', listener)
    }
  }, [])
  return isOver ? createPortal(<div className="drop-area">{f('drop')}</div>, document.body) : null
}

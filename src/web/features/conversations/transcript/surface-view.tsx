import { useEffect, useRef, useState } from 'react'
import type { SurfacePart } from '../../../../contract/messages.ts'
import { drawSurface } from '../../../../visitor/surface/index.ts'
import { Markdown } from '../markdown/markdown.tsx'
import './surface.css'

/** What a visitor was shown, to be looked at: its buttons do nothing here. Until it is drawn, and where it cannot be, the same in words. */
export function SurfaceView({ surface: { messages, fallback } }: { surface: SurfacePart }) {
  const host = useRef<HTMLDivElement>(null)
  const [isDrawn, setDrawn] = useState(false)

  useEffect(() => {
    const element = host.current
    if (!element) return
    let isCurrent = true
    // Drawn beside, so that a late renderer cannot reach into what has changed since.
    const place = document.createElement('div')
    const draw = async () => {
      const couldDraw = await drawSurface(place, messages, { onAction: null, onProblem: (problem) => console.error(problem) })
      if (!isCurrent) return
      setDrawn(couldDraw)
    }
    element.replaceChildren(place)
    void draw()
    return () => {
      isCurrent = false
      place.remove()
    }
  }, [messages])

  return (
    <div className="surface">
      <div ref={host} hidden={!isDrawn} />
      {!isDrawn && <Markdown text={fallback} />}
    </div>
  )
}

import { ChevronRight } from 'lucide-react'
import { type ReactNode, type Ref, useId, useState } from 'react'
import './work.css'

/** One line that opens. What is inside is made only then. */
export function Disclosure({ ref, summary, children }: { ref?: Ref<HTMLButtonElement>; summary: ReactNode; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <div className="work-row">
      <button
        ref={ref}
        type="button"
        className="work-summary"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
        {summary}
      </button>
      {isOpen && (
        <div id={id} className="work-body">
          {children}
        </div>
      )}
    </div>
  )
}

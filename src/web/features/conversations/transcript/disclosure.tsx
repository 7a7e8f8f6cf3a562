import { ChevronRight } from 'lucide-react'
import { type ReactNode, type Ref, useId, useState } from 'react'
import './work.css'

/** One line that opens. What is inside is made only then. */
interface Props {
  ref?: Ref<HTMLButtonElement>
  summary: ReactNode
  /** Beside the line, to be pressed on its own. */
  action?: ReactNode
  /** Below the line whether it is open or not. */
  below?: ReactNode
  children: ReactNode
}

export function Disclosure({ ref, summary, action, below, children }: Props) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <div className="work-row">
      <div className="work-line">
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
        {action}
      </div>
      {below}
      {isOpen && (
        <div id={id} className="work-body">
          {children}
        </div>
      )}
    </div>
  )
}

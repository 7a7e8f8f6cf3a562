import { useState } from 'react'
import type { AgentSummary } from '../../../contract/agents.ts'
import './agents.css'

interface Props {
  /** Without a picture, or with one that cannot be had, it is shown with its emoji. */
  agent: Pick<AgentSummary, 'icon' | 'color'> & { pictureUrl?: string | null }
  size?: 's' | 'm' | 'l'
}

/** Decoration beside a written name, therefore hidden from assistive technology. */
export function AgentPicture({ agent: { icon, color, pictureUrl }, size = 'm' }: Props) {
  const [failed, setFailed] = useState('')
  return (
    <span className="agent-picture" data-color={color} data-size={size} aria-hidden>
      {pictureUrl && pictureUrl !== failed ? <img src={pictureUrl} alt="" draggable={false} onError={() => setFailed(pictureUrl)} /> : icon}
    </span>
  )
}

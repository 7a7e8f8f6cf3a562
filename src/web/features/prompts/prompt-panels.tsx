import { Pencil, TextQuote, X } from 'lucide-react'
import { variablesOf } from '../../../contract/prompt-text.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import type { Panel } from './panels.ts'
import { PromptPreview } from './prompt-preview.tsx'
import { p } from './strings.ts'
import './prompts.css'

interface Props {
  panels: readonly Panel[]
  onEdit: (panel: Panel) => void
  onRemove: (panel: Panel) => void
}

/** The prompts that were put in, above the field. */
export function PromptPanels({ panels, onEdit, onRemove }: Props) {
  return (
    <div className="prompt-panels">
      {panels.map((panel) => (
        <div key={panel.key} className="prompt-panel" role="group" aria-label={p('panel.label', { name: panel.name })}>
          <TextQuote size={16} strokeWidth={1.75} aria-hidden />
          <div className="prompt-panel-text">
            <p className="prompt-panel-name" title={p('panel.hint')}>
              {panel.name}
            </p>
            <PromptPreview {...panel} />
          </div>
          {variablesOf(panel.content).length > 0 && (
            <IconButton size="s" icon={Pencil} label={p('panel.edit', { name: panel.name })} onClick={() => onEdit(panel)} />
          )}
          <IconButton size="s" icon={X} label={p('panel.remove', { name: panel.name })} onClick={() => onRemove(panel)} />
        </div>
      ))}
    </div>
  )
}

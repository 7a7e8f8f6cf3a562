import { useState } from 'react'
import { highlightColors, maxNoteLength } from '../../../contract/mark-choices.ts'
import type { Highlight } from '../../../contract/highlights.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, SelectField, TextAreaField } from '../../ui/field.tsx'
import { changeHighlight, removeHighlight } from './highlight-queries.ts'
import { h } from './strings.ts'
import '../../ui/form.css'
import './highlights.css'

export function HighlightEditor({ highlight, onClose }: { highlight: Highlight; onClose: () => void }) {
  const [color, setColor] = useState(highlight.color)
  const [note, setNote] = useState(highlight.note ?? '')
  const [isPinned, setPinned] = useState(highlight.isPinned)

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={h('edit.title')}
      footer={
        <>
          <Button
            onClick={() => {
              onClose()
              void removeHighlight(highlight)
            }}
          >
            {h('edit.remove')}
          </Button>
          <Button
            variant="primary"
            onClick={() => {
              onClose()
              void changeHighlight(highlight, { color, note: note.trim() || null, isPinned })
            }}
          >
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <div className="form">
        <blockquote className="highlight-quote" data-color={color} data-kind={highlight.kind}>
          {highlight.textQuote.exact}
        </blockquote>
        <SelectField
          label={h('edit.color')}
          value={color}
          onChange={setColor}
          options={highlightColors.map((value) => ({ value, label: h(`color.${value}`) }))}
        />
        <TextAreaField label={h('edit.note')} hint={t('ui.optional')} value={note} maxLength={maxNoteLength} onChange={setNote} />
        <Checkbox label={h('edit.pin')} isChecked={isPinned} onChange={setPinned} />
      </div>
    </Dialog>
  )
}

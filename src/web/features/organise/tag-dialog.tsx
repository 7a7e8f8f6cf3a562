import { useState } from 'react'
import type { Conversation } from '../../../contract/conversations.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, TextField } from '../../ui/field.tsx'
import type { BulkChange } from './use-bulk.ts'
import { o } from './strings.ts'

interface Props {
  conversations: readonly Conversation[]
  known: readonly string[]
  onClose: () => void
  onSave: (change: BulkChange) => void
}

/** The tags that all of these have are ticked. What was not touched stays as it is on each. */
export function TagDialog({ conversations, known, onClose, onSave }: Props) {
  const [typed, setTyped] = useState('')
  const [wanted, setWanted] = useState<Record<string, boolean>>({})
  const hasAll = (tag: string) => conversations.every((one) => one.tags.includes(tag))

  function save() {
    const added = typed
      .split(',')
      .map((tag) => tag.trim().slice(0, 40))
      .filter((tag) => tag !== '')
    const touched = Object.entries(wanted)
    onSave({
      addTags: [...new Set([...added, ...touched.flatMap(([tag, isWanted]) => (isWanted ? [tag] : []))])].slice(0, 20),
      removeTags: touched.flatMap(([tag, isWanted]) => (isWanted ? [] : [tag])).slice(0, 20),
    })
    onClose()
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={o('tags.title')}
      description={o('tags.text', { count: conversations.length })}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" onClick={save}>
            {o('tags.save')}
          </Button>
        </>
      }
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <TextField label={o('tags.new')} help={o('tags.new.help')} value={typed} onChange={setTyped} autoComplete="off" maxLength={200} />
        {known.length > 0 && (
          <div className="organise-tags">
            {known.map((tag) => (
              <Checkbox
                key={tag}
                label={tag}
                isChecked={wanted[tag] ?? hasAll(tag)}
                onChange={(isChecked) => setWanted({ ...wanted, [tag]: isChecked })}
              />
            ))}
          </div>
        )}
      </form>
    </Dialog>
  )
}

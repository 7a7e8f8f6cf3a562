import { useQueryClient } from '@tanstack/react-query'
import type { Memory } from '../../../contract/memories.ts'
import { maxMemoryLength } from '../../../contract/memory-choices.ts'
import { api, query } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextAreaField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { m } from './strings.ts'

/** Adds something, or changes what is there. */
export function MemoryDialog({ workspaceId, memory, onClose }: { workspaceId: string; memory: Memory | null; onClose: () => void }) {
  const client = useQueryClient()
  const form = useForm({
    initial: { text: memory?.text ?? '' },
    check: ({ text }) => (text.trim() === '' ? { text: m('text.missing') } : {}),
    async submit({ text }) {
      await (memory
        ? api.memories.update({ id: memory.id, text })
        : api.memories.create({ workspaceId: workspaceId as Memory['workspaceId'], text }))
      await client.invalidateQueries({ queryKey: query.memories.key() })
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} width="m" title={memory ? m('edit.title') : m('add.title')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextAreaField
          label={m('text')}
          help={m('text.help')}
          rows={4}
          maxLength={maxMemoryLength}
          value={form.values.text}
          onChange={(text) => form.set({ text })}
          error={form.errorOf('text')}
        />
        <FormFooter form={form} {...(memory ? {} : { label: m('add.submit') })} />
      </form>
    </Dialog>
  )
}

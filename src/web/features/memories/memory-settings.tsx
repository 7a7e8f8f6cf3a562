import { Link } from '@tanstack/react-router'
import { NotebookPen, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Memory } from '../../../contract/memories.ts'
import { formatDay } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { MemoryDialog } from './memory-dialog.tsx'
import { m } from './strings.ts'
import { useMemories } from './use-memories.ts'
import './memories.css'

/** What models keep of the person: to read, to change, to erase, to switch off. */
export function MemorySettings() {
  const { id: workspaceId } = useWorkspace()
  const { list, setOn, erase, clear } = useMemories(workspaceId)
  const [open, setOpen] = useState<'add' | 'clear' | Memory | null>(null)
  const memories = list.data?.memories
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setOpen('add')}>
      {m('add')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.memory')} intro={m('intro')} action={memories && memories.length > 0 ? add : undefined}>
      {list.isPending && <RowListSkeleton rows={4} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && <Checkbox label={m('on')} help={m('on.help')} isChecked={list.data.isOn} onChange={(isOn) => void setOn(isOn)} />}
      {memories?.length === 0 && (
        <EmptyState icon={NotebookPen} title={m('empty.title')} action={add}>
          {m('empty.text')}
        </EmptyState>
      )}
      {memories && memories.length > 0 && (
        <section className="memory-list" aria-label={m('list')}>
          <RowList
            rows={memories.map((memory) =>
              rowOf(
                memory,
                () => setOpen(memory),
                () => void erase(memory),
              ),
            )}
          />
          <div>
            <Button onClick={() => setOpen('clear')}>{m('clear.action')}</Button>
          </div>
        </section>
      )}
      {open !== null && open !== 'clear' && (
        <MemoryDialog workspaceId={workspaceId} memory={open === 'add' ? null : open} onClose={() => setOpen(null)} />
      )}
      {open === 'clear' && (
        <ConfirmDialog
          open
          onOpenChange={(isOpen) => !isOpen && setOpen(null)}
          title={m('clear.title')}
          text={m('clear.text', { count: memories?.length ?? 0 })}
          action={m('clear.action')}
          onConfirm={clear}
        />
      )}
    </SettingsPage>
  )
}

function rowOf(memory: Memory, onEdit: () => void, onErase: () => void) {
  const { id, text, source, agentId, updatedAt } = memory
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return {
    key: id,
    title: text,
    badge: agentId === null ? undefined : m('agent'),
    detail: (
      <>
        {source ? (
          <>
            {m('from')}{' '}
            <Link to="/c/$conversationId" params={{ conversationId: source.conversationId }}>
              {source.title || m('untitled')}
            </Link>
          </>
        ) : (
          m('from.you')
        )}
        {' · '}
        {formatDay(updatedAt)}
      </>
    ),
    actions: (
      <>
        <IconButton icon={Pencil} label={m('edit.label', { text: short })} size="s" onClick={onEdit} />
        <IconButton icon={Trash2} label={m('erase.label', { text: short })} size="s" onClick={onErase} />
      </>
    ),
  }
}

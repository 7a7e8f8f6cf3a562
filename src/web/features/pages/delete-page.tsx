import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Page } from '../../../contract/pages.ts'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { showToast } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { s } from './strings.ts'

export function DeletePage({ page }: { page: Page }) {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)

  async function remove() {
    await api.pages.delete({ pageId: page.id })
    showToast({ title: s('delete.done') })
    client.setQueryData(query.pages.list.queryKey(), (all) => all?.filter(({ id }) => id !== page.id))
  }

  return (
    <SettingsSection title={s('delete.title')} intro={s('delete.text')}>
      <div>
        <Button variant="danger" onClick={() => setOpen(true)}>
          {s('delete.action')}
        </Button>
      </div>
      {isOpen && (
        <ConfirmDialog
          open
          onOpenChange={setOpen}
          title={s('delete.confirm', { name: page.displayName })}
          text={s('delete.text')}
          action={s('delete.action')}
          typed={page.slug}
          onConfirm={remove}
        />
      )}
    </SettingsSection>
  )
}

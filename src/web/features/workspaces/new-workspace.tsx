import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { chooseWorkspace } from './current-workspace.ts'
import { w } from './strings.ts'

export function NewWorkspace() {
  const [isOpen, setOpen] = useState(false)
  return (
    <SettingsSection title={w('new.title')} intro={w('new.intro')}>
      <div>
        <Button icon={Plus} onClick={() => setOpen(true)}>
          {w('new.action')}
        </Button>
      </div>
      {isOpen && <NewWorkspaceDialog onClose={() => setOpen(false)} />}
    </SettingsSection>
  )
}

function NewWorkspaceDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const form = useForm({
    initial: { name: '' },
    check: ({ name }) => (name.trim() === '' ? { name: w('name.missing') } : {}),
    submit: async ({ name }) => {
      const workspace = await api.workspaces.create({ name })
      // The person learns of the workspace before it is chosen, since only one's own can be.
      await client.fetchQuery(query.people.me.queryOptions({ staleTime: 0 }))
      chooseWorkspace(workspace.id)
      showToast({ title: w('new.done', { name: workspace.name }) })
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={w('new.title')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={w('name')}
          maxLength={100}
          value={form.values.name}
          onChange={(name) => form.set({ name })}
          error={form.errorOf('name')}
        />
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {w('new.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

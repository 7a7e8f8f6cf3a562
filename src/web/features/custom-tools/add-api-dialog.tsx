import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { maxOperations } from '../../../contract/custom-tool-choices.ts'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { ApiFields } from './api-fields.tsx'
import { authValues, checkAuth, isHttpUrl, toAuth } from './auth-form.ts'
import { type Chosen, ChooseOperations } from './choose-operations.tsx'
import { type ReadSource, ReadSourceForm } from './read-source-form.tsx'
import { c } from './strings.ts'
import './tools.css'

/** Two steps: which API, then what of it. */
export function AddApiDialog({ onClose }: { onClose: () => void }) {
  const [read, setRead] = useState<ReadSource | null>(null)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={c('api.new')} width="m">
      {read ? (
        <ChooseForm read={read} onBack={() => setRead(null)} onClose={onClose} />
      ) : (
        <ReadSourceForm onRead={setRead} onClose={onClose} />
      )}
    </Dialog>
  )
}

function ChooseForm({ read: { source, described }, onBack, onClose }: { read: ReadSource; onBack: () => void; onClose: () => void }) {
  const client = useQueryClient()
  const workspace = useWorkspace()
  const form = useForm({
    initial: {
      name: described.title.slice(0, 100),
      description: described.description.slice(0, 500),
      baseUrl: described.servers[0] ?? '',
      operations: {} as Chosen,
      ...authValues(described.security[0]),
    },
    check: (values) => {
      const count = Object.keys(values.operations).length
      return {
        ...(values.name.trim() === '' && { name: c('missing') }),
        ...(!isHttpUrl(values.baseUrl) && { baseUrl: c('url.bad') }),
        ...checkAuth(values),
        ...(count === 0 && { operations: c('api.operations.missing') }),
        ...(count > maxOperations && { operations: c('api.operations.many') }),
      }
    },
    submit: async ({ name, description, baseUrl, operations, ...values }) => {
      const auth = toAuth(values)
      const configuration = { kind: 'http_api' as const, source, baseUrl: baseUrl.trim(), operations, ...(auth && { auth }) }
      await api.customTools.create({ workspaceId: workspace.id, name: name.trim(), description: description.trim(), configuration })
      await client.invalidateQueries({ queryKey: query.customTools.key() })
      showToast({ title: c('added', { name: name.trim() }) })
      onClose()
    },
  })
  const { values, set, errorOf } = form
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <p>{c('api.found', { title: described.title || c('api.untitled'), count: described.operations.length })}</p>
      <ApiFields form={form} servers={described.servers} isKept={false} />
      <ChooseOperations
        operations={described.operations}
        chosen={values.operations}
        onChange={(operations) => set({ operations })}
        error={errorOf('operations')}
      />
      <div className="dialog-footer">
        <Button onClick={onBack}>{c('api.back')}</Button>
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {c('api.add')}
        </Button>
      </div>
    </form>
  )
}

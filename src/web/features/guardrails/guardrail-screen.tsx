import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { Guardrail } from '../../../contract/guardrails.ts'
import { api, query } from '../../api.ts'
import { useForm } from '../../ui/form.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showToast } from '../../ui/toast.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { checkFields, fieldsOf, inputOf, noFields } from './guardrail-fields.ts'
import { GuardrailForm } from './guardrail-form.tsx'
import { GuardrailVerdicts } from './guardrail-verdicts.tsx'
import { g } from './strings.ts'
import { TryGuardrail } from './try-guardrail.tsx'

/** One guardrail, or a new one: what it is, what it would do, what it did. */
export function GuardrailScreen() {
  const { guardrailId } = useParams({ from: '/app/settings/guardrails/$guardrailId' })
  return guardrailId === 'new' ? <NewGuardrail /> : <KnownGuardrail id={guardrailId as Guardrail['id']} />
}

function NewGuardrail() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { id: workspaceId } = useWorkspace()
  const form = useForm({
    draftKey: `guardrail.new.${workspaceId}`,
    initial: noFields,
    check: checkFields,
    async submit(fields) {
      const { id, name } = await api.guardrails.create({ workspaceId, ...inputOf(fields) })
      await client.invalidateQueries({ queryKey: query.guardrails.key() })
      showToast({ title: g('added', { name }) })
      await navigate({ to: '/settings/guardrails/$guardrailId', params: { guardrailId: id } })
    },
  })
  return (
    <SettingsPage title={g('add.title')} intro={<Back />}>
      <GuardrailForm form={form} isNew />
      <TryGuardrail fields={form.values} />
    </SettingsPage>
  )
}

function KnownGuardrail({ id }: { id: Guardrail['id'] }) {
  const found = useQuery(query.guardrails.get.queryOptions({ input: { id } }))
  if (found.data) return <Editor key={id} guardrail={found.data} />
  return (
    <SettingsPage title={g('agent.label')} intro={<Back />}>
      {found.isPending && <RowListSkeleton rows={4} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
    </SettingsPage>
  )
}

function Editor({ guardrail }: { guardrail: Guardrail }) {
  const client = useQueryClient()
  const { id } = guardrail
  const form = useForm({
    draftKey: `guardrail.${id}`,
    initial: fieldsOf(guardrail),
    check: checkFields,
    async submit(fields) {
      const saved = await api.guardrails.update({ id, ...inputOf(fields) })
      client.setQueryData(query.guardrails.get.queryKey({ input: { id } }), saved)
      await client.invalidateQueries({ queryKey: query.guardrails.key() })
    },
  })
  return (
    <SettingsPage title={guardrail.name} intro={<Back />}>
      <GuardrailForm form={form} isNew={false} />
      <TryGuardrail fields={form.values} />
      <GuardrailVerdicts id={id} />
    </SettingsPage>
  )
}

function Back() {
  return (
    <Link to="/settings/guardrails" className="guardrail-back">
      <ArrowLeft size={16} strokeWidth={1.75} aria-hidden /> {g('back')}
    </Link>
  )
}

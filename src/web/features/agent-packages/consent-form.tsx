import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { PackageInspection } from '../../../contract/agent-packages.ts'
import type { AgentId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, RadioCards, SelectField, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { useAgents } from '../agents/use-agents.ts'
import { p } from './strings.ts'

interface Values {
  into: 'new' | 'own'
  agentId: string
  env: Record<string, string>
  agrees: boolean
}

/** To exactly what is shown above it. `known`: names of values that are there already. */
export function ConsentForm({
  inspection,
  known,
  agentId,
}: {
  inspection: PackageInspection
  known: readonly string[]
  agentId: string | undefined
}) {
  const { manifest, changes, sha256, id: inspectionId } = inspection
  const wanted = manifest.tools?.env ?? []
  const client = useQueryClient()
  const navigate = useNavigate()
  const agents = useAgents()?.filter(({ mayEdit }) => mayEdit) ?? []
  const isUpdate = changes !== null
  const isAsked = !isUpdate || changes.growsRights
  const isMissing = (name: string, env: Record<string, string>) =>
    wanted.some((one) => one.name === name && one.required) && !env[name] && !known.includes(name)
  const form = useForm<Values>({
    initial: { into: agentId && !isUpdate ? 'own' : 'new', agentId: agentId ?? '', env: {}, agrees: false },
    check: ({ into, agentId: chosen, env, agrees }) => ({
      ...(!isUpdate && into === 'own' && chosen === '' && { agentId: p('consent.agent.missing') }),
      ...(wanted.some(({ name }) => isMissing(name, env)) && { env: p('env.missing') }),
      ...(isAsked && !agrees && { agrees: p('consent.agree.missing') }),
    }),
    submit: async ({ into, agentId: chosen, env, agrees }) => {
      const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
      const installed = isUpdate
        ? await api.agentPackages.update({ inspectionId, sha256, env: given, acceptsRights: agrees })
        : await api.agentPackages.install({ inspectionId, sha256, env: given, ...(into === 'own' && { agentId: chosen as AgentId }) })
      for (const part of [query.agents, query.agentPackages, query.mcpServers]) void client.invalidateQueries({ queryKey: part.key() })
      const { name, version } = manifest
      showToast({ title: isUpdate ? p('consent.updated', { name, version }) : p('consent.done', { name }) })
      await navigate({ to: '/agents/$agentId', params: { agentId: installed.agentId } })
    },
  })
  const { values, set, errorOf } = form
  return (
    <form className="form package-consent" noValidate onSubmit={form.onSubmit} aria-label={p('consent.title')}>
      <FormSummary form={{ error: form.error, problems: form.problems }} />
      {!isUpdate && (
        <RadioCards
          label={p('consent.into')}
          value={values.into}
          onChange={(into) => set({ into })}
          options={[
            { value: 'new', label: p('consent.into.new', { name: manifest.name }) },
            { value: 'own', label: p('consent.into.own'), detail: p('consent.into.own.detail') },
          ]}
        />
      )}
      {!isUpdate && values.into === 'own' && (
        <SelectField
          label={p('consent.agent')}
          value={values.agentId}
          onChange={(chosen) => set({ agentId: chosen })}
          error={errorOf('agentId')}
          options={[
            { value: '', label: p('consent.agent.choose') },
            ...agents.map(({ id, icon, name }) => ({ value: id as string, label: `${icon} ${name}` })),
          ]}
        />
      )}
      {wanted.length > 0 && (
        <fieldset className="fieldset">
          <legend className="field-label">{p('env.title')}</legend>
          <p className="field-help">{p('env.text')}</p>
          {wanted.map(({ name, description, secret, required }) => (
            <TextField
              key={name}
              label={name}
              {...(required ? {} : { hint: p('optional') })}
              help={known.includes(name) ? `${description} ${p('env.kept')}` : description}
              type={secret ? 'password' : 'text'}
              autoComplete="off"
              spellCheck={false}
              value={values.env[name] ?? ''}
              onChange={(value) => set({ env: { ...values.env, [name]: value } })}
              error={isMissing(name, values.env) ? errorOf('env') : undefined}
            />
          ))}
        </fieldset>
      )}
      {isAsked && (
        <div>
          <Checkbox label={p('consent.agree')} isChecked={values.agrees} onChange={(agrees) => set({ agrees })} />
          {errorOf('agrees') && (
            <p className="field-error" role="alert">
              {errorOf('agrees')}
            </p>
          )}
        </div>
      )}
      <div className="form-footer">
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {isUpdate ? p('consent.update', { version: manifest.version }) : p('consent.install')}
        </Button>
      </div>
    </form>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ModelParameters, Workspace, WorkspaceSettings } from '../../../contract/workspaces.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { ModelField } from '../models/model-field.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsSection } from '../settings/settings-page.tsx'
import { parameters, parseParameter, rangeOf } from './parameters.ts'
import { w } from './strings.ts'

type ParameterTexts = Record<keyof ModelParameters, string>
type Values = ParameterTexts & { defaultModelId: string; systemPrompt: string; thinking: string }

const thinkingLevels = ['off', 'low', 'medium', 'high'] as const

export function WorkspaceDefaults({ workspaceId, settings }: { workspaceId: Workspace['id']; settings: WorkspaceSettings }) {
  const client = useQueryClient()
  const mayChange = can(useMe().access, 'workspace', 'update', workspaceId)
  const models = useQuery(query.models.list.queryOptions({ input: { workspaceId } }))
  const form = useForm<Values>({
    draftKey: `workspace ${workspaceId}`,
    initial: {
      defaultModelId: settings.defaultModelId ?? '',
      systemPrompt: settings.systemPrompt ?? '',
      thinking: settings.thinking ?? '',
      ...(Object.fromEntries(
        parameters.map(({ name }) => [name, settings[name] === null ? '' : String(settings[name])]),
      ) as ParameterTexts),
    },
    check: (values) =>
      Object.fromEntries(
        parameters.filter((one) => parseParameter(one, values[one.name]) === undefined).map((one) => [one.name, rangeOf(one)]),
      ),
    submit: async (values) => {
      const numbers = Object.fromEntries(
        parameters.map((one) => [one.name, parseParameter(one, values[one.name]) ?? null]),
      ) as ModelParameters
      const saved = await api.workspaces.updateSettings({
        workspaceId,
        ...numbers,
        defaultModelId: models.data?.models.find((model) => model.id === values.defaultModelId)?.id ?? null,
        systemPrompt: values.systemPrompt.trim() === '' ? null : values.systemPrompt,
        thinking: thinkingLevels.find((level) => level === values.thinking) ?? null,
      })
      client.setQueryData(query.workspaces.getSettings.queryKey({ input: { workspaceId } }), saved)
      void client.invalidateQueries({ queryKey: query.models.key() })
    },
  })
  const { values, set, errorOf } = form

  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <ModelField
        label={w('model')}
        error={errorOf('defaultModelId')}
        models={models.data?.models}
        value={values.defaultModelId || null}
        onChange={(model) => set({ defaultModelId: model?.id ?? '' })}
        none={w('model.none')}
        isDisabled={!mayChange}
      />
      <TextAreaField
        label={w('prompt')}
        help={w('prompt.help')}
        rows={4}
        maxLength={100_000}
        disabled={!mayChange}
        value={values.systemPrompt}
        onChange={(systemPrompt) => set({ systemPrompt })}
        error={errorOf('systemPrompt')}
      />
      <SelectField
        label={w('thinking')}
        help={w('thinking.help')}
        error={errorOf('thinking')}
        disabled={!mayChange}
        value={values.thinking}
        onChange={(thinking) => set({ thinking })}
        options={[
          { value: '', label: t('conversation.settings.thinking.model') },
          ...thinkingLevels.map((level) => ({ value: level, label: t(`conversation.thinking.${level}`) })),
        ]}
      />
      <SettingsSection title={w('parameters.title')} intro={w('parameters.help')}>
        <div className="form-row">
          {parameters.map(({ name }) => (
            <TextField
              key={name}
              label={w(name)}
              help={w(`${name}.help`)}
              inputMode="decimal"
              autoComplete="off"
              placeholder={w('parameter.unset')}
              disabled={!mayChange}
              value={values[name]}
              onChange={(value) => set({ [name]: value })}
              error={errorOf(name)}
            />
          ))}
        </div>
      </SettingsSection>
      {mayChange && <FormFooter form={form} />}
    </form>
  )
}

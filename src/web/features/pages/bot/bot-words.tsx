import { useQuery } from '@tanstack/react-query'
import type { Bot, BotTool } from '../../../../contract/bots.ts'
import { botTools } from '../../../../contract/page-choices.ts'
import type { Page } from '../../../../contract/pages.ts'
import { query } from '../../../api.ts'
import { toApiError } from '../../../errors.ts'
import { t } from '../../../strings/index.ts'
import { Checkbox, TextAreaField, TextField } from '../../../ui/field.tsx'
import { FormFooter, FormSummary } from '../../../ui/form.tsx'
import { ModelField } from '../../models/model-field.tsx'
import { can, useMe } from '../../people/me.ts'
import { SettingsSection } from '../../settings/settings-page.tsx'
import { b } from './strings.ts'
import { useBotForm } from './use-bot-form.ts'

/** What it says, and by which model. */
export function BotWords({ page, bot }: { page: Page; bot: Bot }) {
  const form = useBotForm(bot)
  const { access } = useMe()
  // Of the system's policies only the one for everything holds in a workspace.
  const inWorkspace = { ...access, system: access.system.filter((policy) => policy === '*:*') }
  const maySeeModels = can(inWorkspace, 'model', 'read', page.workspaceId)
  const models = useQuery(query.models.list.queryOptions({ input: { workspaceId: page.workspaceId }, enabled: maySeeModels }))
  const { values, set, errorOf } = form
  const chosen = models.data?.models.find(({ id }) => id === values.modelId)

  return (
    <SettingsSection title={b('words.title')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <fieldset className="page-fields bot-fields" disabled={!page.may.update}>
          <TextField
            label={b('greeting')}
            help={b('greeting.help')}
            maxLength={500}
            value={values.greeting}
            onChange={(greeting) => set({ greeting })}
            error={errorOf('greeting')}
          />
          <TextAreaField
            label={b('instructions')}
            hint={t('ui.optional')}
            help={b('instructions.help')}
            rows={5}
            maxLength={20_000}
            value={values.systemPrompt}
            onChange={(systemPrompt) => set({ systemPrompt })}
            error={errorOf('systemPrompt')}
          />
          <div className="form-row">
            <ModelField
              label={b('model')}
              help={maySeeModels ? chosen?.keyOrigin === 'user' && b('model.own_key') : b('model.hidden')}
              models={maySeeModels ? models.data?.models : []}
              value={values.modelId}
              onChange={(model) => set({ modelId: model?.id ?? null })}
              none={b('model.workspace')}
              isDisabled={!maySeeModels || !page.may.update}
              error={errorOf('modelId') ?? (models.isError && !models.data ? toApiError(models.error).message : undefined)}
            />
            <TextField
              label={b('temperature')}
              help={b('temperature.help')}
              inputMode="decimal"
              autoComplete="off"
              placeholder={b('temperature.unset')}
              value={values.temperature}
              onChange={(temperature) => set({ temperature })}
              error={errorOf('temperature')}
            />
          </div>
          <ToolChoice tools={values.enabledTools} onChange={(enabledTools) => set({ enabledTools })} />
        </fieldset>
        {page.may.update && <FormFooter form={form} />}
      </form>
    </SettingsSection>
  )
}

function ToolChoice({ tools, onChange }: { tools: readonly BotTool[]; onChange: (tools: BotTool[]) => void }) {
  return (
    <fieldset className="fieldset">
      <legend className="field-label">{b('tools')}</legend>
      {botTools.map((tool) => (
        <Checkbox
          key={tool}
          label={b(`tool.${tool}`)}
          help={b(`tool.${tool}.help`)}
          isChecked={tools.includes(tool)}
          // In the order of the choices, so that switching one off and on again changes nothing.
          onChange={(isOn) => onChange(botTools.filter((one) => (one === tool ? isOn : tools.includes(one))))}
        />
      ))}
    </fieldset>
  )
}

import type { Bot, BotTool } from '../../../../contract/bots.ts'
import { botTools } from '../../../../contract/page-choices.ts'
import type { Page } from '../../../../contract/pages.ts'
import { Checkbox, TextField } from '../../../ui/field.tsx'
import { FormFooter, FormSummary } from '../../../ui/form.tsx'
import { AgentField } from '../../agents/agent-field.tsx'
import { can, useMe } from '../../people/me.ts'
import { SettingsSection } from '../../settings/settings-page.tsx'
import { b } from './strings.ts'
import { useBotForm } from './use-bot-form.ts'

/** What it says first, and who answers. */
export function BotWords({ page, bot }: { page: Page; bot: Bot }) {
  const form = useBotForm(bot)
  const { access } = useMe()
  // Of the system's policies only the one for everything holds in a workspace.
  const inWorkspace = { ...access, system: access.system.filter((policy) => policy === '*:*') }
  const maySeeAgents = can(inWorkspace, 'agent', 'read', page.workspaceId)
  const { values, set, errorOf } = form

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
          <AgentField
            label={b('agent')}
            help={b(maySeeAgents ? 'agent.help' : 'agent.hidden')}
            workspaceId={page.workspaceId}
            value={values.agentId}
            onChange={(agentId) => set({ agentId })}
            isHidden={!maySeeAgents}
            isDisabled={!page.may.update}
            error={errorOf('agentId')}
          />
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

import type { ReactNode } from 'react'
import { agentColors, agentLimits } from '../../../contract/agent-choices.ts'
import type { AgentVersion } from '../../../contract/agents.ts'
import { webSearches } from '../../../contract/web-search.ts'
import { maxPromptLength } from '../../../contract/prompt-text.ts'
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { t } from '../../strings/index.ts'
import { useModels } from '../conversations/composer/models.ts'
import { AgentGuardrails } from '../guardrails/agent-guardrails.tsx'
import { can, useMe } from '../people/me.ts'
import { ModelField } from '../models/model-field.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { type AgentFields, checkFields } from './agent-fields.ts'
import { AgentPicture } from './agent-picture.tsx'
import { AgentTools } from './agent-tools.tsx'
import { PromptField } from './prompt-field.tsx'
import { a } from './strings.ts'
import { ValueFields } from './value-fields.tsx'
import './agents.css'

interface Props {
  initial: AgentFields
  draftKey: string
  /** The prompt that is pinned now, which may be older than what the list offers. */
  pinned?: AgentVersion['prompt']
  label?: string
  submit: (fields: AgentFields) => Promise<unknown>
  note?: string
  /** Of an agent that there is already. */
  pictureUrl?: string | null
  picture?: ReactNode
  children?: ReactNode
}

/** As they stand in a text. */
const builtIn = { date: '{{date}}', weekday: '{{weekday}}', time: '{{time}}', user: '{{user}}' }

/** All that an agent is made of. */
export function AgentForm({ initial, draftKey, pinned = null, label, submit, note, pictureUrl = null, picture, children }: Props) {
  const workspace = useWorkspace()
  const { data } = useModels()
  const form = useForm<AgentFields>({ draftKey, initial, check: checkFields, submit })
  const { values, set, errorOf } = form
  const isPinned = values.prompt !== ''
  const isAdmin = can(useMe().access, 'system', 'update')
  const visibilities = (['own', 'workspace', 'server'] as const).filter(
    (value) => value === 'own' || value === initial.visibility || (value === 'server' ? isAdmin : workspace.kind === 'team'),
  )
  const numbers = ['temperature', 'topP', 'topK', 'maxTokens'] as const
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <div className="agent-head">
        <AgentPicture agent={{ ...values, pictureUrl }} size="l" />
        <div className="agent-numbers">
          <TextField
            label={a('form.icon')}
            autoComplete="off"
            maxLength={32}
            value={values.icon}
            onChange={(icon) => set({ icon: icon.trim() })}
            error={errorOf('icon')}
          />
          <SelectField
            label={a('form.color')}
            value={values.color}
            onChange={(color) => set({ color })}
            options={agentColors.map((value) => ({ value, label: a(`color.${value}`) }))}
          />
        </div>
      </div>
      {picture}
      <TextField
        label={a('form.name')}
        autoComplete="off"
        maxLength={agentLimits.name}
        value={values.name}
        onChange={(name) => set({ name })}
        error={errorOf('name')}
      />
      <TextField
        label={a('form.description')}
        help={a('form.description.help')}
        autoComplete="off"
        maxLength={agentLimits.description}
        value={values.description}
        onChange={(description) => set({ description })}
        error={errorOf('description')}
      />
      <PromptField
        value={values.prompt}
        pinned={pinned}
        onChange={(prompt, instructions) => set({ prompt, ...(instructions !== undefined && { instructions }) })}
        error={errorOf('prompt')}
      />
      <TextAreaField
        label={a('form.instructions')}
        help={a('form.instructions.help', builtIn)}
        className="agent-instructions"
        rows={8}
        maxLength={maxPromptLength}
        readOnly={isPinned}
        value={values.instructions}
        onChange={(instructions) => set({ instructions })}
        error={errorOf('instructions')}
      />
      <ValueFields
        instructions={values.instructions}
        values={values.values}
        onChange={(changed) => set({ values: changed })}
        error={errorOf('values')}
      />
      <ModelField
        label={a('form.model')}
        error={errorOf('modelId')}
        models={data?.models}
        value={values.modelId}
        onChange={(model) => set({ modelId: model?.id ?? null })}
        none={a('form.model.none')}
      />
      <div className="agent-numbers" role="group" aria-label={a('form.parameters')}>
        {numbers.map((name) => (
          <TextField
            key={name}
            label={a(`form.${name}`)}
            inputMode="decimal"
            autoComplete="off"
            maxLength={12}
            value={values[name]}
            onChange={(value) => set({ [name]: value })}
            error={errorOf(name)}
          />
        ))}
        <SelectField
          label={a('form.thinking')}
          value={values.thinking}
          onChange={(thinking) => set({ thinking })}
          options={[
            { value: '', label: a('form.thinking.none') },
            ...(['off', 'low', 'medium', 'high'] as const).map((value) => ({ value, label: t(`conversation.thinking.${value}`) })),
          ]}
        />
        <SelectField
          label={a('form.webSearch')}
          value={values.webSearch}
          onChange={(webSearch) => set({ webSearch })}
          options={[
            { value: '', label: a('form.thinking.none') },
            ...webSearches.map((value) => ({ value, label: t(`conversation.search.${value}`) })),
          ]}
        />
      </div>
      <p className="field-help">{a('form.parameters.help')}</p>
      <AgentTools value={values.tools} onChange={(tools) => set({ tools })} />
      <AgentGuardrails value={values.guardrails} onChange={(guardrails) => set({ guardrails })} />
      <TextField
        label={a('form.steps')}
        help={a('form.steps.help')}
        inputMode="numeric"
        autoComplete="off"
        maxLength={3}
        value={values.maxSteps}
        onChange={(maxSteps) => set({ maxSteps })}
        error={errorOf('maxSteps')}
      />
      <TextAreaField
        label={a('form.starters')}
        help={a('form.starters.help', { count: agentLimits.starters })}
        rows={3}
        maxLength={agentLimits.starters * (agentLimits.starter + 1)}
        value={values.starters}
        onChange={(starters) => set({ starters })}
        error={errorOf('starters')}
      />
      {visibilities.length > 1 && (
        <SelectField
          label={a('form.visibility')}
          help={a(`form.visibility.${values.visibility}.help`)}
          value={values.visibility}
          onChange={(visibility) => set({ visibility })}
          options={visibilities.map((value) => ({ value, label: a(`form.visibility.${value}`, { name: workspace.name }) }))}
        />
      )}
      <TextField
        label={a('form.note')}
        help={a('form.note.help')}
        autoComplete="off"
        maxLength={agentLimits.note}
        value={values.note}
        onChange={(text) => set({ note: text })}
        error={errorOf('note')}
      />
      {note && <p className="field-help">{note}</p>}
      <FormFooter form={form} {...(label === undefined ? {} : { label })}>
        {children}
      </FormFooter>
    </form>
  )
}

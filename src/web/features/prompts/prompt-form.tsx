import type { ReactNode } from 'react'
import type { Prompt } from '../../../contract/prompts.ts'
import { maxPromptLength, maxPromptNameLength } from '../../../contract/prompt-text.ts'
import { Checkbox, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { PromptDerived } from './prompt-derived.tsx'
import { p, syntax } from './strings.ts'
import './prompts.css'

export type PromptFields = Pick<Prompt, 'name' | 'content' | 'visibility'>

interface Props {
  initial: PromptFields
  draftKey?: string
  /** Of the button that saves. */
  label?: string
  submit: (fields: PromptFields) => Promise<unknown>
  note?: string
  children?: ReactNode
}

/** Name, text, who may use it; with what follows from the text. */
export function PromptForm({ initial, draftKey, label, submit, note, children }: Props) {
  const workspace = useWorkspace()
  const form = useForm<PromptFields>({
    ...(draftKey === undefined ? {} : { draftKey }),
    initial,
    check: ({ name, content }) => ({
      ...(name.trim() === '' && { name: p('editor.name.missing') }),
      ...(content.trim() === '' && { content: p('editor.content.missing') }),
    }),
    submit,
  })
  const { values, set, errorOf } = form
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <TextField
        label={p('editor.name')}
        help={p('editor.name.help')}
        autoComplete="off"
        maxLength={maxPromptNameLength}
        value={values.name}
        onChange={(name) => set({ name })}
        error={errorOf('name')}
      />
      <TextAreaField
        label={p('editor.content')}
        help={p('editor.content.help', syntax)}
        className="prompt-content"
        rows={8}
        maxLength={maxPromptLength}
        value={values.content}
        onChange={(content) => set({ content })}
        error={errorOf('content')}
      />
      {workspace.kind === 'team' && (
        <Checkbox
          label={p('editor.shared', { name: workspace.name })}
          help={p('editor.shared.help')}
          isChecked={values.visibility === 'workspace'}
          onChange={(isShared) => set({ visibility: isShared ? 'workspace' : 'own' })}
        />
      )}
      <PromptDerived content={values.content} onChange={(content) => set({ content })} />
      {note && <p className="field-help">{note}</p>}
      <FormFooter form={form} {...(label === undefined ? {} : { label })}>
        {children}
      </FormFooter>
    </form>
  )
}

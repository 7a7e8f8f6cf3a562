import { useState } from 'react'
import { problemsOf, type PromptVariable, variablesOf } from '../../../contract/prompt-text.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useHasKeyboard } from '../conversations/composer/has-keyboard.ts'
import { PromptPreview } from './prompt-preview.tsx'
import { VariableField } from './variable-field.tsx'
import { p } from './strings.ts'
import '../../ui/form.css'
import './prompts.css'

interface Props {
  prompt: { name: string; content: string; memory?: string | undefined }
  initial: Readonly<Record<string, string>>
  onInsert: (values: Record<string, string>) => void
  onClose: () => void
}

/** Asks for the variables of a prompt and shows what will be sent. */
export function FillPromptDialog({ prompt, initial, onInsert, onClose }: Props) {
  const variables = variablesOf(prompt.content)
  const [values, setValues] = useState<Record<string, string>>({ ...initial })
  const [isChecked, setChecked] = useState(false)
  const hasKeyboard = useHasKeyboard()
  const problems = problemsOf(variables, values)

  function insert(form: HTMLFormElement) {
    setChecked(true)
    const [first] = problems.keys()
    if (first === undefined) onInsert(values)
    else form.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)?.focus()
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} width="m" title={prompt.name}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          insert(event.currentTarget)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          insert(event.currentTarget)
        }}
      >
        {variables.map((variable) => (
          <VariableField
            key={variable.name}
            variable={variable}
            value={valueOf(values, variable)}
            onChange={(value) => setValues({ ...values, [variable.name]: value })}
            problem={isChecked ? problems.get(variable.name) : undefined}
          />
        ))}
        <section aria-label={p('editor.preview')} className="prompt-preview-box" tabIndex={0}>
          <PromptPreview {...prompt} values={values} />
        </section>
        <div className="form-footer">
          <Button type="submit" variant="primary">
            {p('fill.insert')}
          </Button>
          <Button variant="quiet" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          {hasKeyboard && <p className="form-state">{p('fill.help')}</p>}
        </div>
      </form>
    </Dialog>
  )
}

const valueOf = (values: Readonly<Record<string, string>>, { name, default: otherwise }: PromptVariable): string =>
  (Object.hasOwn(values, name) ? values[name] : otherwise) ?? ''

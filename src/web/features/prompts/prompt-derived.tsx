import { type PromptVariable, type VariableType, variablesOf, variableTypes, withVariableType } from '../../../contract/prompt-text.ts'
import { Select } from '../../ui/field.tsx'
import { PromptPreview } from './prompt-preview.tsx'
import { p } from './strings.ts'
import './prompts.css'

const nothing = {}
const types = variableTypes.map((value: VariableType) => ({ value, label: p(`type.${value}`) }))

interface Props {
  content: string
  /** Changes what stands in the text; without it nothing can be changed. */
  onChange?: (content: string) => void
}

/** What follows from a text while it is written: its variables, and how it reads. */
export function PromptDerived({ content, onChange }: Props) {
  const variables = variablesOf(content)
  return (
    <div className="prompt-derived">
      <h2>{p('editor.variables')}</h2>
      {variables.length === 0 ? (
        <p className="field-help">{p('editor.variables.none')}</p>
      ) : (
        <dl className="prompt-variables">
          {variables.map((variable) => (
            <div key={variable.name}>
              <dt>{variable.name}</dt>
              {onChange ? (
                <dd>
                  <Select
                    aria-label={p('editor.variables.type', { name: variable.name })}
                    className="prompt-variable-type"
                    value={variable.type}
                    options={types}
                    onChange={(type) => onChange(withVariableType(content, variable.name, type))}
                  />
                </dd>
              ) : (
                variable.type !== 'text' && <dd>{p(`type.${variable.type}`)}</dd>
              )}
              <dd>{factsOf(variable)}</dd>
            </div>
          ))}
        </dl>
      )}
      <h2>{p('editor.preview')}</h2>
      <section aria-label={p('editor.preview')} className="prompt-preview-box" tabIndex={0}>
        {content.trim() === '' ? (
          <p className="field-help">{p('editor.preview.empty')}</p>
        ) : (
          <PromptPreview content={content} values={nothing} />
        )}
      </section>
    </div>
  )
}

function factsOf({ type, description, default: otherwise, options }: PromptVariable): string {
  return [
    description ?? '',
    type === 'choice' ? p('editor.variables.choice', { options: options.join(', ') }) : '',
    otherwise === null ? p('editor.variables.required') : '',
    otherwise === '' ? p('editor.variables.optional') : '',
    type !== 'choice' && otherwise ? p('editor.variables.default', { value: otherwise }) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

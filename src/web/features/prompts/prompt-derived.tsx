import { type PromptVariable, variablesOf } from '../../../contract/prompt-text.ts'
import { PromptPreview } from './prompt-preview.tsx'
import { p } from './strings.ts'
import './prompts.css'

const nothing = {}

/** What follows from a text while it is written: its variables, and how it reads. */
export function PromptDerived({ content }: { content: string }) {
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
    type === 'text' && otherwise ? p('editor.variables.default', { value: otherwise }) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

import { readPrompt } from '../../../contract/prompt-text.ts'
import { useMe } from '../people/me.ts'
import { builtInValues } from './built-in-values.ts'
import './prompts.css'

/** The text with its values marked; what is still to be filled in stands in brackets. */
export function PromptPreview({ content, values }: { content: string; values: Readonly<Record<string, string>> }) {
  const { pieces, variables } = readPrompt(content)
  const builtIn: Record<string, string> = builtInValues(useMe().name)
  const valueOf = (name: string) => {
    if (Object.hasOwn(builtIn, name)) return builtIn[name]!
    const given = Object.hasOwn(values, name) ? values[name]! : undefined
    return given ?? variables.find((one) => one.name === name)?.default ?? ''
  }
  const isMissing = (name: string) => valueOf(name) === '' && variables.find((one) => one.name === name)?.default === null
  return (
    <p className="prompt-preview">
      {pieces.map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <mark key={index} data-missing={isMissing(piece.name) || undefined}>
            {isMissing(piece.name) ? `[${piece.name}]` : valueOf(piece.name)}
          </mark>
        ),
      )}
    </p>
  )
}

import { readPrompt } from '../../../contract/prompt-text.ts'
import { useMe } from '../people/me.ts'
import { builtInValues } from './built-in-values.ts'
import { p } from './strings.ts'
import './prompts.css'

interface Props {
  content: string
  values: Readonly<Record<string, string>>
  memory?: string | undefined
}

/** The text with its values marked; what is still to be filled in stands in brackets. */
export function PromptPreview({ content, values, memory }: Props) {
  const { pieces, variables } = readPrompt(content)
  const builtIn: Record<string, string> = builtInValues(useMe().name, memory ?? `[${p('preview.memory')}]`)
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

import { fillPrompt } from '../../../contract/prompt-text.ts'
import { useDraft } from '../conversations/composer/drafts.ts'
import { builtInValues } from './built-in-values.ts'

/** A prompt that was put in: sent before what is written. It keeps its text, whatever becomes of the prompt meanwhile. */
export interface Panel {
  key: string
  name: string
  content: string
  values: Record<string, string>
  /** What was remembered when it was put in, if it says `{{memory}}`. */
  memory?: string | undefined
}

/** Kept on this device like the draft it belongs to. */
export function usePanels(draftKey: string): [panels: readonly Panel[], setPanels: (panels: readonly Panel[]) => void] {
  const [stored, setStored] = useDraft(`prompts.${draftKey}`)
  return [readPanels(stored), (panels) => setStored(panels.length === 0 ? '' : JSON.stringify(panels))]
}

/** Another version of the app may have written it. */
export function readPanels(stored: string): readonly Panel[] {
  if (stored === '') return []
  try {
    const read: unknown = JSON.parse(stored)
    return Array.isArray(read) ? read.filter((one) => isPanel(one)) : []
  } catch {
    return []
  }
}

function isPanel(value: unknown): value is Panel {
  const { key, name, content, values, memory } = (value ?? {}) as Partial<Record<keyof Panel, unknown>>
  return (
    [key, name, content].every((one) => typeof one === 'string') &&
    typeof values === 'object' &&
    values !== null &&
    [...Object.values(values), memory ?? ''].every((one) => typeof one === 'string')
  )
}

/** What is sent: the prompts, then what was written. */
export function joinPanels(panels: readonly Panel[], text: string, user: string): string {
  if (panels.length === 0) return text
  const filled = panels.map(({ content, values, memory }) => fillPrompt(content, values, builtInValues(user, memory)).trim())
  return [...filled, text.trim()].filter(Boolean).join('\n\n')
}

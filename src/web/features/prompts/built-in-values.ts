import { type BuiltInVariable, readPrompt } from '../../../contract/prompt-text.ts'

/** What is filled in without asking: as this device has it, at the moment of sending; `memory` as the server had it when the prompt was put in. */
export function builtInValues(user: string, memory = '', now = new Date()): Record<BuiltInVariable, string> {
  const { language: locale } = navigator
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options).format(now)
  return {
    date: format({ dateStyle: 'long' }),
    time: format({ timeStyle: 'short' }),
    weekday: format({ weekday: 'long' }),
    user,
    locale,
    memory,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}

/** Only then it is asked for. */
export const namesMemory = (content: string): boolean =>
  readPrompt(content).pieces.some((piece) => piece.kind === 'variable' && piece.name === 'memory')

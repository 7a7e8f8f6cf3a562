import type { BuiltInVariable } from '../../../contract/prompt-text.ts'

/** What is filled in without asking: as this device has it, at the moment of sending. */
export function builtInValues(user: string, now = new Date()): Record<BuiltInVariable, string> {
  const { language: locale } = navigator
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options).format(now)
  return {
    date: format({ dateStyle: 'long' }),
    time: format({ timeStyle: 'short' }),
    weekday: format({ weekday: 'long' }),
    user,
    locale,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}

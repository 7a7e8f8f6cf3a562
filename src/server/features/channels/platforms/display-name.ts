/** Longer ones are no names. */
const maxLength = 100

/** Control characters, and those that turn text around or hide in it; joiners belong to names in Persian, Hindi and others. */
const unseen = /[[\p{Cc}\p{Cf}\p{Co}\p{Cs}]--[\u{200C}\u{200D}]]+/gv

/**
 * What a stranger calls himself, fit to be shown and to be quoted: one line, bounded, and nothing in it that is not seen. It says whatever it likes, so it is
 * data wherever it goes and never an instruction.
 */
export function displayName(given: string): string {
  const line = given.toWellFormed().replaceAll(/\s+/gu, ' ').replaceAll(unseen, '').replaceAll(/ +/g, ' ').trim()
  const characters = [...line]
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`
}

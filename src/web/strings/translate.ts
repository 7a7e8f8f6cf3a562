/**
 * A catalogue is a flat record of English sentences. `{name}` marks what is filled in; a pair `one`/`other` is chosen by `{count}`.
 * Keys, and the values each needs, are checked by the compiler.
 */
export type Entry = string | { one: string; other: string }
export type Catalogue = Record<string, Entry>

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type TextOf<E extends Entry> = E extends { other: infer Other extends string } ? Other | '{count}' : E
type Values<E extends Entry> = { [Name in Names<TextOf<E> & string>]: Name extends 'count' ? number : string | number }
type Arguments<E extends Entry> = [Names<TextOf<E> & string>] extends [never] ? [] : [values: Values<E>]

export type Translate<C extends Catalogue> = <Key extends keyof C & string>(key: Key, ...rest: Arguments<C[Key]>) => string

const locale = 'en'
const plural = new Intl.PluralRules(locale)
const wholeNumber = new Intl.NumberFormat(locale)

export function translator<const C extends Catalogue>(catalogue: C): Translate<C> {
  return (key, ...rest) => {
    const values: Record<string, string | number> = rest[0] ?? {}
    const entry: Entry | undefined = catalogue[key]
    if (entry === undefined) return key
    const text = typeof entry === 'string' ? entry : entry[plural.select(Number(values.count)) === 'one' ? 'one' : 'other']
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name]
      if (value === undefined) return whole
      return typeof value === 'number' ? wholeNumber.format(value) : value
    })
  }
}

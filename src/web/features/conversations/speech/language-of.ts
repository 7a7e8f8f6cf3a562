/** Scripts that belong to one language, as far as a voice is concerned; kana before Han, since Japanese has both. */
const scripts: readonly [RegExp, language: string, leastShare: number][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja', 0.05],
  [/\p{Script=Hangul}/gu, 'ko', 0.3],
  [/\p{Script=Han}/gu, 'zh', 0.3],
  [/[іїєґ]/giu, 'uk', 0.02],
  [/\p{Script=Cyrillic}/gu, 'ru', 0.3],
  [/\p{Script=Greek}/gu, 'el', 0.3],
  [/\p{Script=Hebrew}/gu, 'he', 0.3],
  [/\p{Script=Arabic}/gu, 'ar', 0.3],
  [/\p{Script=Devanagari}/gu, 'hi', 0.3],
  [/\p{Script=Thai}/gu, 'th', 0.3],
]

/** Small words by which Latin languages differ. */
const words: Record<string, string> = {
  en: 'the and of to is that for with this are you it',
  de: 'der die und das nicht ist ein eine zu den mit auf',
  fr: 'le les et des est une du pour que dans vous pas',
  es: 'el los y que es una por para con las como más',
  it: 'il di che è per non una gli della sono con più',
  pt: 'o os e que não uma para com do da são mais',
  nl: 'de het een en van is dat niet op te zijn voor',
  pl: 'i w nie na się że jest do to z jak dla',
  sv: 'och att det som är en inte på för av med den',
}
const sets = Object.entries(words).map(([language, list]) => [language, new Set(list.split(' '))] as const)

/** Roughly the language of some text, to choose a voice by; undefined where its words do not say. */
export function languageOf(text: string): string | undefined {
  const sample = text.slice(0, 2000)
  const letters = sample.match(/\p{L}/gu)?.length ?? 0
  for (const [pattern, language, leastShare] of scripts) if ((sample.match(pattern)?.length ?? 0) > letters * leastShare) return language
  const said = sample.toLowerCase().match(/\p{L}+/gu) ?? []
  const counts = sets.map(([language, set]) => ({ language, count: said.filter((word) => set.has(word)).length }))
  const [best, next] = counts.toSorted((a, b) => b.count - a.count)
  return best && next && best.count >= 2 && best.count > next.count ? best.language : undefined
}

const syllables = 'ca to men ri pla se vor in de lu stra ne con pi gra mo ter al fo sy'.split(' ')

/** Made-up words, said as often as in languages: the one of rank n about a n-th as often as the first. The same on every run with the same seed. */
export function madeUpText(seed: number, vocabulary: number) {
  let state = seed
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
  const words = Array.from({ length: vocabulary }, (_, index) => {
    let word = ''
    for (let rest = index + 1; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length]
    return word
  })
  const wordOf = () => words[Math.floor(vocabulary ** random()) - 1]!
  return {
    /** From 0 up to 1. */
    random,
    /** By rank, from 0. */
    words,
    textOf: (length: number) => Array.from({ length }, wordOf).join(' '),
  }
}

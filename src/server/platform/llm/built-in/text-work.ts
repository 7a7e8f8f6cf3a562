import type { Question, Skill } from './answer.ts'
import { keySentences, sentencesOf, wordsOf } from './sentences.ts'

interface Work {
  /** What the message must begin with (after a please). */
  asks: RegExp
  perform: (text: string, match: RegExpExecArray) => string | undefined
}

const polite = '^(?:please\\s+|can you\\s+|could you\\s+)*'
const begin = (pattern: string) => new RegExp(polite + pattern, 'i')
const number = (value: number, unit: string) => `**${value} ${unit}${value === 1 ? '' : 's'}**`

/** Exact work on a given text. */
const works: Work[] = [
  {
    asks: begin('how (?:many|often)\\b.*?\\b(?:words?|characters?|letters?|sentences?)\\b(?!.*\\bletter [a-z]\\b)'),
    perform: (text) =>
      `${number(wordsOf(text).length, 'word')}, ${number(sentencesOf(text).length, 'sentence')}, ${number([...text].length, 'character')} (${[...text].filter((one) => !/\s/.test(one)).length} without spaces).`,
  },
  {
    asks: begin('(?:make|turn|convert|put|write)?\\s*(?:this|that|it)?\\s*(?:to|in|into)?\\s*(?:upper ?case|capitals|all caps)\\b'),
    perform: (text) => text.toUpperCase(),
  },
  {
    asks: begin('(?:make|turn|convert|put|write)?\\s*(?:this|that|it)?\\s*(?:to|in|into)?\\s*lower ?case\\b'),
    perform: (text) => text.toLowerCase(),
  },
  {
    asks: begin('reverse\\b'),
    perform: (text) =>
      [...new Intl.Segmenter().segment(text)]
        .map(({ segment }) => segment)
        .reverse()
        .join(''),
  },
  { asks: begin('sort\\b'), perform: sorted },
  { asks: begin('(?:summar(?:ise|ize)|give me a summary of|tl;?dr|sum up|shorten)\\b'), perform: summarised },
  { asks: begin('(?:echo|repeat(?: after me)?|say)\\b'), perform: (text) => text },
]

const counting = new RegExp(`${polite}count (?:from (-?\\d{1,5}) )?(?:up )?(?:to|down to) (-?\\d{1,5})\\W*$`, 'i')
const letters =
  /\bhow (?:many|often)\b.*?\b(?:letter )?["'“”‘’`]?([a-z])["'“”‘’`]?(?:['’]s|s)?\b(?: are)?(?: there)?(?: (?:does|do))?.*?\b(?:in|appear in|occur in)\b (?:the word )?["'“”‘’`]?([\p{L}-]+)["'“”‘’`]?\W*$/iu

export const answerTextWork: Skill = (asked) => {
  const { question } = asked
  const counted = counting.exec(question)
  if (counted) return countUp(Number(counted[1] ?? 1), Number(counted[2]))
  const letter = letters.exec(question)
  if (letter) {
    const times = [...letter[2]!.toLowerCase()].filter((one) => one === letter[1]!.toLowerCase()).length
    return `“${letter[2]}” has the letter ${letter[1]} **${times === 1 ? 'once' : `${times} times`}**.`
  }
  for (const { asks, perform } of works) {
    const match = asks.exec(question)
    const subject = match && subjectOf(asked, question.slice(match[0].length))
    if (match && subject !== undefined && subject !== null) return perform(subject, match)
  }
  return undefined
}

/** The text to work on: in quotation marks, behind a colon or a line break, or an earlier message that is pointed at. */
function subjectOf({ said }: Question, rest: string): string | undefined {
  const block =
    /```[^\n]*\n([\s\S]*?)```/.exec(rest)?.[1] ?? /["“«]([\s\S]+)["”»]/.exec(rest)?.[1] ?? /^[^\n:]*(?::|\n)\s*([\s\S]+)$/.exec(rest)?.[1]
  if (block !== undefined) return block.trim()
  const before = said.slice(0, -1)
  if (/\b(?:your|the) (?:last |previous )?(?:answer|reply)\b/i.test(rest)) return before.findLast((one) => one.role === 'assistant')?.text
  if (/^\s*(?:that|this|it|the (?:text|message) above|above|my (?:last|previous) message)\W*$/i.test(rest))
    return before.findLast((one) => one.role === 'user')?.text
  const plain = rest
    .replace(/^\s*(?:this|the (?:word|text|sentence)|are (?:there )?in|in|of)\b\s*/i, '')
    .replace(/[?]\s*$/, '')
    .trim()
  return plain === '' || /^(?:this |our |the )?(?:conversation|chat|discussion)\b/i.test(plain) ? undefined : plain
}

function sorted(text: string): string {
  const isLines = text.includes('\n')
  const items = text.split(isLines ? '\n' : /\s*,\s*|\s+/).filter((item) => item.trim() !== '')
  const inOrder = items.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' }))
  return isLines ? inOrder.join('\n') : inOrder.join(', ')
}

function summarised(text: string): string | undefined {
  if (wordsOf(text).length < 30) return undefined
  const count = Math.min(5, Math.max(2, Math.round(sentencesOf(text).length / 5)))
  const chosen = keySentences(text, count)
  return `I cannot write a summary in words of my own. These ${chosen.length} sentences carry most of the text:\n\n${chosen.map((one) => `- ${one}`).join('\n')}`
}

function countUp(from: number, to: number): string {
  if (Math.abs(to - from) > 2_000) return 'I count at most 2,000 numbers at once.'
  const step = to >= from ? 1 : -1
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step).join(', ')
}

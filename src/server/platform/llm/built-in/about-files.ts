import type { Skill } from './answer.ts'
import { keySentences, quoted, wordsOf } from './sentences.ts'

const asksAboutFiles =
  /\b(?:files?|attach\w*|pictures?|images?|photos?|pdfs?|documents?|texts?|see|read|summar\w*|describe|this|these|it|what|show|look)\b/i

/** What came with a message, and what can be said of it without understanding it. */
export const aboutFiles: Skill = (asked) =>
  asked.question === '' || asksAboutFiles.test(asked.question) ? describeFiles(asked) : undefined

/** Where nothing else is known to say. */
export const describeFiles: Skill = ({ files }) => {
  if (files.length === 0) return undefined
  const described = files.map(({ name, text, note }) => {
    if (text === null) return `- **${name}**: ${note.replace(/ Say so where it matters\.$/, '')}`
    const sentences = keySentences(text, 3)
    const lines = text.split('\n').length
    const begins = sentences.length > 0 ? ` What seems to matter in it:\n\n${quoted(sentences.join(' '), 600)}\n` : ''
    return `- **${name}**: text with ${wordsOf(text).length} words in ${lines} ${lines === 1 ? 'line' : 'lines'}.${begins}`
  })
  const count = files.length === 1 ? 'One file' : `${files.length} files`
  return `${count} came with your message:\n\n${described.join('\n')}\n\nI am the offline assistant and follow rules: a language model would understand more of this.`
}

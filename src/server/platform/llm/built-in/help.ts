import type { Skill } from './answer.ts'
import { helpTopics, type HelpTopic } from './help-topics.ts'
import { keywordsOf, stem, wordsOf } from './sentences.ts'

const overviewAsked =
  /^\W*(?:\/?help|\?|help me|menu|commands?|topics?)\W*$|\bwhat (?:can|do) you (?:do|know)\b|\bwhat can i (?:ask|do)(?: (?:you|here))?\W*$|\bhow (?:do|can) you help\b|\bwhat are you (?:able|capable)\b|\blist (?:the )?(?:help )?topics\b/i

/** Words that stand in questions about anything. */
const idle = new Set(
  ['parley', 'server', 'use', 'work', 'help', 'explain', 'want', 'need', 'possibl', 'way', 'thing', 'know', 'new', 'app', 'mean'].map(stem),
)

interface Indexed {
  topic: HelpTopic
  stems: Set<string>
}

const index: Indexed[] = helpTopics.map((topic) => ({ topic, stems: new Set(wordsOf(`${topic.title} ${topic.words}`).map(stem)) }))

/** A word that few topics have says more than one that many have. */
function weightOf(word: string): number {
  const holders = index.filter(({ stems }) => stems.has(word)).length
  return holders === 0 ? 0 : Math.log(1 + index.length / holders)
}

export const answerHelp: Skill = ({ question }) => {
  if (question.length > 300) return undefined
  if (overviewAsked.test(question)) return overview()
  const keywords = keywordsOf(question).filter((word) => !idle.has(word))
  if (keywords.length === 0)
    return /\bparley\b/i.test(question) ? written(helpTopics.find(({ title }) => title === 'What Parley is')) : undefined
  const known = keywords.filter((word) => weightOf(word) > 0)
  // A question about something else may share a word with a topic; half of it must be about Parley.
  if (known.length / keywords.length < 0.5) return undefined
  const ranked = index
    .map(({ topic, stems }) => ({ topic, score: known.reduce((sum, word) => sum + (stems.has(word) ? weightOf(word) : 0), 0) }))
    .toSorted((a, b) => b.score - a.score)
  const [best, second] = ranked
  if (!best || best.score < 1.8) return undefined
  const also = second && second.score >= best.score * 0.75 ? `\n\nSee also: *${second.topic.title}*.` : ''
  return `${written(best.topic)}${also}`
}

function written(topic: HelpTopic | undefined): string | undefined {
  return topic && `**${topic.title}**\n\n${topic.text}`
}

function overview(): string {
  const topics = helpTopics.map(({ title }) => `- ${title}`).join('\n')
  return `I am Parley's offline assistant. I follow rules, so I can only do the following, but that exactly:

- **Parley**: ask how something works (the topics are below).
- **Arithmetic**: \`12.5% of 80\`, \`(3 + 4)^2\`, \`sqrt 2\`; fractions stay exact.
- **Dates**: “what weekday is 29 February 2028?”, “how many days until Christmas?”, “45 days after 2026-01-31”.
- **This conversation**: summarise it, list my questions, find the sentence that mentions something, count words.
- **A text you give me**: count, sort, reverse, change case, pick its main sentences.
- **Samples**: “show me a Markdown demo”, “a code sample in Python”, “count to 100”.

Topics about Parley:

${topics}

For anything else, connect a model: *${helpTopics[0]!.title}*.`
}

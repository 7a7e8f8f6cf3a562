import type { Skill } from './answer.ts'
import type { Said } from './conversation.ts'
import { keySentences, keywordsOf, mentionsOf, quoted, sentencesOf, wordsOf } from './sentences.ts'

const place = '(?:conversation|chat|discussion|thread|dialogue|messages?|above|so far|we (?:said|discussed|talked)|talked about|said)'
const summary = new RegExp(`\\b(?:summar(?:y|ise|ize|ising|izing)|recap|sum up|tl;?dr)\\b`, 'i')
const aboutUs = new RegExp(`\\b${place}\\b`, 'i')
const listQuestions =
  /\b(?:list|which|what|show)\b.*\bquestions?\b.*\b(?:i|me|my|asked|far|conversation)\b|\bwhat (?:have|did) i ask(?:ed)?\b(?!.*\b(?:first|last)\b)|\blist my questions\b/i
const position =
  /\bwhat (?:was|is|did i (?:say|ask|write)(?: in)?)\b.*\bmy (first|last|previous|second|third)\b|\bwhat did i (?:say|ask|write) (first|last)\b|\bmy (first|last|previous|second|third) (?:message|question)\b/i
const yours =
  /\b(?:what did you (?:just )?(?:say|answer)|repeat (?:your|the) (?:last |previous )?(?:answer|reply|message)|your (?:last|previous) (?:answer|reply|message))\b/i
const find =
  /\b(?:find|quote|show|search|look up|where|what|which|did|when|do you (?:remember|recall))\b.*\b(?:mention(?:s|ed|ing)?|sa(?:y|ys|id)|wr(?:ite|ote)|talk(?:ed)? about|contain(?:s|ing)?|tell|told|about)\b/i
const count =
  /\bhow (?:many|long)\b.*\b(words|messages|characters|letters|sentences|questions)\b.*\b(?:conversation|chat|so far|exchanged|message|answer|above|i (?:asked|written|wrote|sent))\b|\bhow long is (?:this|our) (conversation|chat)\b/i
const title =
  /\b(?:title|name|heading)\b.*\b(?:conversation|chat|dialogue|message)\b|\b(?:suggest|write|give|make|create|generate)\b.*\btitle\b/i

/** Questions about what was said, answered with what was said. */
export const aboutConversation: Skill = ({ question, said }) => {
  const before = said.slice(0, -1)
  const isShort = question.length <= 400
  if (isShort && title.test(question)) return titleOf(before, question)
  if (!isShort) return undefined
  if (summary.test(question) && (aboutUs.test(question) || wordsOf(question).length <= 4)) return summarise(before)
  const mine = before.filter((one) => one.role === 'user')

  if (yours.test(question)) {
    const last = before.findLast((one) => one.role === 'assistant')
    return last ? `My last answer was:\n\n${quoted(last.text, 2_000)}` : 'I have not answered anything yet in this conversation.'
  }
  const counted = count.exec(question)
  if (counted) return measure(before, (counted[1] ?? 'messages').toLowerCase(), /\b(?:your|last) (?:answer|reply)\b/i.test(question))
  if (listQuestions.test(question)) return questionsOf(mine)
  const which = position.exec(question)
  if (which) return atPosition(mine, (which[1] ?? which[2] ?? which[3] ?? 'last').toLowerCase())
  if (find.test(question) && mentionsThemselves(question)) return findMentions(before, question)
  return undefined
}

/** `What do you know about spring?` asks about the world; `what did I say about spring?` about this conversation. */
function mentionsThemselves(question: string): boolean {
  return /\b(?:(?:did|have|had) (?:i|you|we)|i (?:said|told|mention|wrote)|you (?:said|told|mention|wrote)|we (?:said|talk|discuss)|sentence|quote|passage|conversation|chat|earlier|above|remember|recall|message)/i.test(
    question,
  )
}

function summarise(before: Said[]): string {
  if (before.length === 0) return 'There is nothing to summarise yet: this is the first message.'
  const exchanges: string[] = []
  for (const { role, text } of before) {
    if (role === 'user') exchanges.push(`- **You:** ${keySentences(text, 1)[0] ?? shortened(text)}`)
    else exchanges.push(`  - **Answer:** ${shortened(keySentences(text, 1)[0] ?? text)}`)
  }
  const shown =
    exchanges.length > 24 ? [...exchanges.slice(0, 6), `- … ${exchanges.length - 18} more …`, ...exchanges.slice(-12)] : exchanges
  return `I cannot write a summary in words of my own. These are the sentences that carry most of what was said:\n\n${shown.join('\n')}`
}

function questionsOf(mine: Said[]): string {
  const questions = mine.flatMap(({ text }) => sentencesOf(text).filter((sentence) => /\?\W*$/.test(sentence)))
  if (questions.length === 0) return 'You have not asked a question with a question mark before this one.'
  return `You asked:\n\n${questions.map((one, index) => `${index + 1}. ${shortened(one)}`).join('\n')}`
}

function atPosition(mine: Said[], which: string): string {
  const index = { first: 0, second: 1, third: 2 }[which] ?? mine.length - 1
  const found = mine[index]
  if (!found) return 'There is no such message in this conversation.'
  return `Your ${which} message${which === 'last' || which === 'previous' ? ' before this one' : ''} was:\n\n${quoted(found.text)}`
}

function measure(before: Said[], unit: string, onlyAnswer: boolean): string {
  const counted = onlyAnswer ? before.filter((one) => one.role === 'assistant').slice(-1) : before
  const where = onlyAnswer ? 'My last answer has' : 'Before this message, the conversation has'
  const text = counted.map((one) => one.text).join('\n')
  const total = {
    words: wordsOf(text).length,
    characters: text.length,
    letters: text.match(/\p{L}/gu)?.length ?? 0,
    sentences: sentencesOf(text).length,
  }[unit]
  if (total !== undefined) return `${where} **${total} ${unit}**.`
  const mine = before.filter((one) => one.role === 'user')
  if (unit === 'questions') return `You have asked **${mine.filter((one) => one.text.includes('?')).length} questions** before this one.`
  return `Before this message there were **${before.length} messages** (${mine.length} of yours), with ${wordsOf(before.map((one) => one.text).join(' ')).length} words.`
}

function findMentions(before: Said[], question: string): string {
  const wanted = wantedIn(question)
  const found = before
    .flatMap(({ role, text }) => mentionsOf(text, wanted, 3).map((sentence) => ({ role, sentence })))
    .slice(0, 5)
    .map(({ role, sentence }) => `${role === 'user' ? 'You' : 'I'} said:\n\n${quoted(sentence)}`)
  return found.length > 0 ? found.join('\n\n') : `Nothing before this message mentions ${wanted === '' ? 'that' : `“${wanted}”`}.`
}

function wantedIn(question: string): string {
  const literal = /["“”«'‘]([^"“”«»'’]{2,})["“”»'’]/.exec(question)?.[1]
  if (literal !== undefined) return literal
  const after = /\b(?:about|mention(?:s|ed|ing)?|contain(?:s|ing)?|with the words?)\s+(.+?)[\s?.!]*$/i.exec(question)?.[1]
  return after ?? keywordsOf(question.replace(find, (match) => match)).join(' ')
}

/** From the first message of a person, or from the text that the request for a title brings along. */
function titleOf(before: Said[], question: string): string {
  const first = before.find((one) => one.role === 'user')?.text ?? /(?:\n|:\s)([\s\S]{10,})$/.exec(question)?.[1]
  if (first === undefined) return 'New conversation'
  const start = sentencesOf(first)[0] ?? first
  const words = start.replace(/[*_`#>]/g, '').split(/\s+/)
  return words.length > 7 ? `${words.slice(0, 7).join(' ')} …` : words.join(' ').replace(/[.!]+$/, '')
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 159).trimEnd()}…` : line
}

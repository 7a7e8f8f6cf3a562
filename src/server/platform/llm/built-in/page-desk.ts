import type { Question, Reply } from './answer.ts'
import type { Tools } from './tool-use.ts'

const greeting = /^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|hallo|bonjour|hola|servus|moin)\b.{0,30}$/i
const thanks = /^\W*(?:thanks?|thank you|thx|great|perfect|nice|cool|ok(?:ay)?|danke|merci|gracias)\b.{0,30}$/i
const aboutLinks =
  /\b(?:links?|url|website|web ?site|address|newsletter|subscribe|follow|shop|buy|blog|podcast|channel|profile|social|where (?:can|do) i (?:find|get|read|see|buy))\b/i

/**
 * At the desk of somebody's page, which is where a tool that notes what could not be answered is offered: the page's own tools find what is asked for, and what they
 * do not find is noted. Undefined: it is not there.
 */
export function answerAtDesk({ question, outcomes }: Question, tools: Tools): Reply | undefined {
  const offered = (pattern: RegExp) => tools.find(({ name }) => pattern.test(name))?.name
  const note = offered(/^note_unanswered$/)
  if (!note) return undefined
  const links = offered(/^show_links$/)
  const answers = offered(/^show_answers$/)
  const say = (text: string): Reply => ({ text, calls: [] })
  const call = (toolName: string, input: object): Reply => ({ text: '', calls: [{ toolName, input }] })

  const last = outcomes.at(-1)
  if (last?.toolName === note)
    return say('I do not know that, I am afraid. Your question is noted, and whoever owns this page will see it.')
  if (last?.toolName === links && last?.state === 'completed') {
    if (last.text.startsWith('Shown')) return say('That is what I found.')
    return last.text.startsWith('No link')
      ? say('I found no link about exactly that, so these are all of them.')
      : call(note, { question: short(question) })
  }
  if (last?.toolName === answers && last?.state === 'completed' && /shown to the visitor/i.test(last.text))
    return say('That is what the page says about it.')
  if (last) return call(note, { question: short(question) })

  if (greeting.test(question)) return say('Hello! Ask me for a link, or about what this page answers.')
  if (thanks.test(question)) return say('You are welcome.')
  if (links && aboutLinks.test(question))
    return call(links, /\b(?:all|your|the|any) links\b|^\W*links?\W*$/i.test(question) ? {} : { topic: short(question) })
  return answers ? call(answers, { question: short(question) }) : call(note, { question: short(question) })
}

function short(question: string): string {
  return question.trim().slice(0, 300)
}

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import type { Conversation } from './conversation.ts'
import { answerFromTools, callTools, type Tools } from './tool-use.ts'
import { aboutFiles, describeFiles } from './about-files.ts'
import { aboutConversation } from './about-conversation.ts'
import { answerArithmetic } from './arithmetic.ts'
import { answerDates } from './dates.ts'
import { answerHelp } from './help.ts'
import { answerAtDesk } from './page-desk.ts'
import { answerSamples } from './samples.ts'
import { answerSmallTalk, cannotDo, declineTasks } from './small-talk.ts'
import { answerTextWork } from './text-work.ts'

export interface Question extends Conversation {
  now: Date
}

export interface Reply {
  text: string
  calls: { toolName: string; input: unknown }[]
}

/** One kind of question. It answers in Markdown, or undefined if this is not its kind. */
export type Skill = (question: Question) => string | undefined

/** In order: what is exact before what is fuzzy. */
const skills: Skill[] = [
  aboutFiles,
  answerSamples,
  answerTextWork,
  aboutConversation,
  answerDates,
  answerArithmetic,
  answerSmallTalk,
  declineTasks,
  answerHelp,
]

/** The whole assistant: tools first if there are any that fit, then the first skill that knows the question, then what it cannot do. */
export function answer(question: Question, tools: Tools, toolChoice: LanguageModelV4CallOptions['toolChoice']): Reply {
  const atDesk = answerAtDesk(question, tools)
  if (atDesk) return atDesk
  if (question.outcomes.length > 0) return { text: answerFromTools(question), calls: [] }
  const calls = callTools(question, tools, toolChoice)
  if (calls.length > 0) return { text: '', calls }
  for (const skill of skills) {
    const text = skill(question)
    if (text !== undefined) return { text, calls: [] }
  }
  return { text: describeFiles(question) ?? cannotDo(question), calls: [] }
}

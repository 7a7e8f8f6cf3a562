import { toolQuestions as contract } from '../../../contract/tool-questions.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { answerQuestion } from './answer-question.ts'
import type { QuestionDeps } from './question-deps.ts'

export const toolQuestionRoutes = (deps: QuestionDeps): Routes<typeof contract> => ({
  answer: handle(contract.answer, (actor, input) => answerQuestion(deps, actor, input)),
})

export { calculate } from './calculate.ts'
export { fetchPage } from './fetch-page.ts'
export { plan } from './plan.ts'
export { codeSource } from './run-code.ts'
export {
  type CallQuestions,
  type CitedAnswer,
  type FiledAnswer,
  type NewQuestion,
  type QuestionAnswer,
  type ShownAnswer,
  type Surface,
  type Tool,
  type ToolContext,
  ToolFailure,
  type ToolScope,
  type ToolSource,
} from './tool.ts'
export { type OpenTools, Toolbox, type ToolOutcome } from './toolbox.ts'

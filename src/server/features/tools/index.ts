export { calculate } from './calculate.ts'
export { fetchPage } from './fetch-page.ts'
export { runCode } from './run-code.ts'
export {
  type CallQuestions,
  type CitedAnswer,
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

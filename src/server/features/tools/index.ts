export { calculate } from './calculate.ts'
export { fetchPage } from './fetch-page.ts'
export { type ShownAnswer, type Surface, type Tool, type ToolContext, ToolFailure } from './tool.ts'
export { Toolbox, type ToolOutcome } from './toolbox.ts'

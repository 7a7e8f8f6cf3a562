export { calculate } from './calculate.ts'
export { fetchPage } from './fetch-page.ts'
export { type Tool, type ToolContext } from './tool.ts'
export { Toolbox, type ToolOutcome } from './toolbox.ts'

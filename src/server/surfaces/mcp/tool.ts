import type { z } from 'zod'
import type { McpCall, McpResult, McpTool } from './parts.ts'

/** Ties the input's type to its schema. */
export function tool<Input extends z.ZodObject>(
  made: Omit<McpTool, 'input' | 'run'> & { input: Input; run(input: z.infer<Input>, call: McpCall): Promise<McpResult> },
): McpTool {
  return made as unknown as McpTool
}

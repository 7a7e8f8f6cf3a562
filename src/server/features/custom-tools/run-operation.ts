import { askDatabase } from './ask-database.ts'
import { type CallContext, callApi } from './call-api.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import type { CustomToolRow, OperationRow } from './store.ts'

/** Of one call, everything included. */
export const timeoutMs = 60_000

/** As a model calls it. Errors: `ToolFailure` and `AppError`, in words that a model may read. */
export function runOperation(
  deps: CustomToolsDeps,
  tool: CustomToolRow,
  operation: OperationRow,
  args: Record<string, unknown>,
  context: CallContext,
): Promise<string> {
  return tool.kind === 'database' ? askDatabase(deps, tool, operation, args, context) : callApi(deps, tool, operation, args, context)
}

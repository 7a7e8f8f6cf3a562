import { askDatabase } from './ask-database.ts'
import { type CallContext, callApi } from './call-api.ts'
import { type CitedAnswer, ToolFailure } from '../tools/index.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { searchWeb } from './search-web.ts'
import type { CustomToolRow, OperationRow } from './store.ts'

/** Of one call, everything included. */
export const timeoutMs = 60_000

/** As a model calls it. Errors: `ToolFailure` and `AppError`, in words that a model may read. */
export async function runOperation(
  deps: CustomToolsDeps,
  tool: CustomToolRow,
  operation: OperationRow,
  args: Record<string, unknown>,
  context: CallContext,
): Promise<string | CitedAnswer> {
  if (!isKindOn(deps, tool.kind)) throw new ToolFailure('An administrator has switched tools of this kind off.')
  if (tool.kind === 'web_search') return searchWeb(deps, tool, args, context)
  return tool.kind === 'database' ? askDatabase(deps, tool, operation, args, context) : callApi(deps, tool, operation, args, context)
}

/** Some kinds are optional parts of the server. */
export function isKindOn({ switches }: Pick<CustomToolsDeps, 'switches'>, kind: CustomToolRow['kind']): boolean {
  if (kind === 'database') return switches.isOn('database-tools')
  return kind !== 'web_search' || switches.isOn('web-search')
}

import { z } from 'zod'
import type { Database } from '../../platform/db/index.ts'
import { type Tool, ToolFailure, type ToolSource } from '../tools/index.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { searchName } from './prepare-search.ts'
import { isKindOn, runOperation, timeoutMs } from './run-operation.ts'
import * as store from './store.ts'

const channel = 'custom-tools-changed'
/** Should a notification be lost. */
const maxAgeMs = 30_000
const maxWorkspaces = 2_000

export interface CustomToolSource extends ToolSource {
  forget(workspaceId: string): void
  close(): Promise<void>
}

/** What the API's description says of its arguments is told to models; whether they are right the API knows best. */
const Arguments = z.record(z.string(), z.unknown())

/** A workspace's tools, from memory while nothing changes: turns begin without asking the database for them. */
export async function openToolSource(database: Database, deps: () => CustomToolsDeps): Promise<CustomToolSource> {
  const known = new Map<string, { tools: Promise<Tool[]>; expiresAt: number }>()
  const unlisten = await database.notifier.listen(
    channel,
    (workspaceId) => void known.delete(workspaceId),
    () => known.clear(),
  )

  const unlistenSwitches = deps().switches.onSwitched(() => known.clear())

  async function load(workspaceId: string): Promise<Tool[]> {
    const found = await store.list(deps().db, workspaceId)
    return found
      .filter(({ tool }) => tool.is_enabled && isKindOn(deps(), tool.kind))
      .flatMap((whole) =>
        whole.operations.filter(({ permission }) => permission !== 'deny').map((operation) => toTool(deps, whole.tool, operation)),
      )
  }

  return {
    list({ workspaceId }) {
      const held = known.get(workspaceId)
      if (held && held.expiresAt > performance.now()) return held.tools
      if (known.size >= maxWorkspaces) known.clear()
      const entry = { tools: load(workspaceId), expiresAt: performance.now() + maxAgeMs }
      known.set(workspaceId, entry)
      entry.tools.catch(() => {
        if (known.get(workspaceId) === entry) known.delete(workspaceId)
      })
      return entry.tools
    },
    forget(workspaceId) {
      known.delete(workspaceId)
      database.notifier.notify(channel, workspaceId)
    },
    async close() {
      unlistenSwitches()
      await unlisten()
    },
  }
}

/** By which a model calls it. */
export function callNameOf(tool: Pick<store.CustomToolRow, 'kind' | 'slug'>, { name }: Pick<store.OperationRow, 'name'>): string {
  return tool.kind === 'web_search' ? searchName : `${tool.slug}__${name}`
}

/** Equal for what does the same at the same place. */
const markOf = ({ configuration }: store.CustomToolRow, { input_schema, binding }: store.OperationRow): string =>
  JSON.stringify([configuration, input_schema, binding])

function toTool(deps: () => CustomToolsDeps, tool: store.CustomToolRow, operation: store.OperationRow): Tool {
  const { id, workspace_id: workspaceId } = tool
  const about = tool.description || tool.name
  const mark = markOf(tool, operation)
  const made: Tool<z.infer<typeof Arguments>> = {
    name: callNameOf(tool, operation),
    description: tool.kind === 'web_search' ? operation.description : `${about}: ${operation.description}`,
    input: Arguments,
    inputSchema: operation.input_schema,
    isRepeatable: operation.is_repeatable,
    permission: operation.permission,
    isForMembers: true,
    timeoutMs,
    async run(args, context) {
      // As it is now: what was switched off or forbidden since the turn began is not called any more.
      const current = await store.find(deps().db, [workspaceId], id)
      const now = current?.operations.find(({ name }) => name === operation.name)
      if (!current?.tool.is_enabled || !now || now.permission === 'deny') throw new ToolFailure('This tool was switched off.')
      // What a model was told of, and perhaps a person has allowed, is what is called.
      if (markOf(current.tool, now) !== mark)
        throw new ToolFailure('This tool is not the one any more that was offered here. Go on without it.')
      if (now.permission === 'ask' && operation.permission === 'allow')
        throw new ToolFailure('This tool asks a person first from now on: it can be called again in the next answer.')
      return runOperation(deps(), current.tool, now, args, context)
    },
  }
  return made as Tool
}

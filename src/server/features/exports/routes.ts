import { exports as contract } from '../../../contract/exports.ts'
import type { Deps } from '../../deps.ts'
import { handle, handleRaw, type Routes } from '../../platform/http/index.ts'
import { countExport, exportAll } from './export-all.ts'
import { exportConversation } from './export-conversation.ts'
import { sendDownload } from './send-download.ts'

export const exportRoutes = (deps: Pick<Deps, 'db' | 'log'>): Routes<typeof contract> => ({
  conversation: handleRaw(contract.conversation, async (c, actor, input) => sendDownload(c, await exportConversation(deps, actor, input))),
  size: handle(contract.size, (actor, { workspaceId }) => countExport(deps, actor, workspaceId)),
  all: handleRaw(contract.all, async (c, actor, { workspaceId }) => sendDownload(c, await exportAll(deps, actor, workspaceId))),
})

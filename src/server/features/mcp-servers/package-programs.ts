import type { ToolPermission } from '../../../contract/mcp-servers.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announceChange } from './announce-change.ts'
import type { McpDeps } from './mcp-deps.ts'
import { slugOf } from './slug.ts'
import * as store from './store.ts'
import { askAgain } from './use-servers.ts'

/** What is shown of it, and what it may offer. */
interface Program {
  packageVersionId: string
  name: string
  command: string
  offers: Readonly<Record<string, ToolPermission>>
}
type Place = Pick<store.ServerRow, 'id' | 'workspace_id'>
/** Called after the commit: everybody hears of it, and its tools are listed. */
type Announce = () => void

/** Programs of packages as tool servers of one agent. Whoever calls this has asked at the gate. */
export interface PackagePrograms {
  find(db: Db | Tx, workspaceId: string, packageVersionIds: readonly string[]): Promise<{ id: string; packageVersionId: string }[]>
  add(tx: Tx, place: { workspaceId: string; agentId: string; createdBy: string }, program: Program): Promise<Announce>
  /** Another version of it. A permission that somebody changed stays, unless the package asks for another one than before. */
  change(tx: Tx, place: Place, program: Program): Promise<Announce>
  remove(tx: Tx, place: Place): Promise<Announce>
}

export function packagePrograms(deps: McpDeps): PackagePrograms {
  async function told(tx: Tx, { id, workspace_id }: Place, isThere = true): Promise<Announce> {
    const announce = await announceChange(deps, tx, workspace_id)
    return () => {
      announce()
      void (isThere ? list(workspace_id, id) : deps.dropEverywhere(`${id}:`))
    }
  }

  async function list(workspaceId: string, id: string): Promise<void> {
    try {
      const server = await store.readServer(deps.db, workspaceId, id)
      if (!server) return
      await deps.dropEverywhere(`${id}:`, server.updated_at)
      await askAgain(deps, server, null)
    } catch (error) {
      deps.log.warn({ err: error, mcpServerId: id }, 'the tools of a package could not be listed')
    }
  }

  return {
    find: (db, workspaceId, packageVersionIds) => store.listOfPackages(db, workspaceId, packageVersionIds),
    async add(tx, { workspaceId, agentId, createdBy }, { packageVersionId, name, command, offers }) {
      const taken = [...(await store.lockSlugs(tx, workspaceId)), ...(await deps.listOtherSlugs(tx, workspaceId))]
      const id = newId()
      await store.insertServer(tx, {
        id,
        workspace_id: workspaceId,
        name,
        slug: slugOf(name, taken),
        transport: 'stdio',
        command,
        agent_id: agentId,
        package_version_id: packageVersionId,
        offers: JSON.stringify(offers),
        created_by: createdBy,
      })
      return told(tx, { id, workspace_id: workspaceId })
    },
    async change(tx, place, { packageVersionId, name, command, offers }) {
      const before = (await store.readServer(tx, place.workspace_id, place.id))?.offers ?? {}
      await store.updateServer(tx, place, { name, command, package_version_id: packageVersionId, offers: JSON.stringify(offers) })
      for (const [tool, permission] of Object.entries(offers))
        if (before[tool] !== permission) await store.setPermissionByName(tx, place, tool, permission)
      return told(tx, place)
    },
    async remove(tx, place) {
      await deps.forgetAllowed(tx, place.workspace_id, await store.listCallNames(tx, place))
      await store.deleteServer(tx, place)
      return told(tx, place, false)
    },
  }
}

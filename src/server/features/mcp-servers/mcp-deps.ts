import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { AddonSwitches } from '../addons/index.ts'
import type { SessionPool, StdioTarget } from '../../platform/mcp/index.ts'
import type { Tell } from '../events/index.ts'
import type { ToolContext } from '../tools/index.ts'
import type { AskedModel } from '../turns/index.ts'
import type { Catalogue } from './catalogue.ts'
import type { ServerRow } from './store.ts'

export interface McpDeps extends Pick<Deps, 'config' | 'database' | 'db' | 'log' | 'vault' | 'egress'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  /** What people allowed these tools for good does not hold any more. */
  forgetAllowed(tx: Tx, workspaceId: string, toolNames: readonly string[]): Promise<void>
  /** Beginnings of names that other tools of the workspace have. */
  listOtherSlugs(tx: Tx, workspaceId: string): Promise<string[]>
  switches: Pick<AddonSwitches, 'isOn' | 'onSwitched'>
  /** How the program of a package is started. Errors: `McpFailure`. */
  packageTarget(server: { workspaceId: string; packageVersionId: string }): Promise<StdioTarget>
  /** Has the turn's model answer, at the workspace's cost. */
  askModel(
    call: Pick<ToolContext, 'actorId' | 'apiKeyId' | 'turnId' | 'signal'>,
    asked: AskedModel,
  ): Promise<{ text: string; model: string; isCut: boolean }>
  /** A person has connected to a server: calls that wait for that go on. The result is called after the commit. */
  connected(tx: Tx, userId: string, workspaceId: string, serverId: string): Promise<() => void>
  version: string
  /** Under which people reach this server. */
  baseUrl: string
  pool: SessionPool
  catalogue: Catalogue
  /**
   * Closes the connections whose key begins so, in every process, but for those that were opened for the server as it is since `kept`; resolves when they are closed here.
   */
  dropEverywhere(prefix: string, kept?: Date): Promise<void>
  /** A server says that its tools are others now. */
  onListChanged(server: ServerRow, userId: string | null): void
}

import type { UserEvent } from '../../../contract/events.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { CounterStreams, StreamHub } from '../../platform/events/index.ts'
import type { ModelResolver } from '../models/index.ts'
import type { ToolScope } from '../tools/index.ts'
import type { TurnEngine } from './engine.ts'
import type { AcceptItem, Accepted } from './hot-statements.ts'

/** What the operations of turns use beside the common dependencies. */
export interface TurnServices {
  engine: TurnEngine
  hub: StreamHub<TurnEvent>
  userStreams: CounterStreams<UserEvent>
  /** Coalesced with the accepts of other turns. */
  accept(item: AcceptItem): Promise<Accepted>
  /** Names of the tools that a turn of theirs may use: of those that an agent names, or with null of those that are offered to everybody. */
  toolNames(actor: Actor, scope: Omit<ToolScope, 'actorId'>, named: readonly string[] | null): Promise<string[]>
  /** Ids of the guardrails that hold there for a turn, with those that its agent names; undefined at once where there are none. */
  guardrailsFor(workspaceId: string, named: readonly string[]): Promise<string[]> | undefined
  /** Ids of settings rows that are in the database for sure, by workspace and hash. */
  knownSettings: { get(key: string): string | undefined; set(key: string, id: string): void }
  /** Tells the process that runs a turn to look at its stop flag. */
  announceStop(turnId: string): void
  /** Tells the process that runs a turn to end one of its calls. */
  announceCancel(turnId: string, callId: string): void
  /** Once true, no new turn begins here. */
  isStopping(): boolean
}

export type TurnDeps = Pick<Deps, 'db' | 'database' | 'log' | 'llm' | 'door' | 'files'> & { resolver: ModelResolver; turns: TurnServices }

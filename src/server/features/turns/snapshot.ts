import { createHash } from 'node:crypto'
import type { JSONObject } from '@ai-sdk/provider'
import type { KeyOrigin, ModelInput, Provider, SettingOrigin, ThinkingLevel } from '../../../contract/models.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import type { ModelParameters } from '../../../contract/workspaces.ts'
import { newId } from '../../platform/ids.ts'
import type { SearchLocation } from '../../platform/llm/index.ts'
import type { Price } from '../usage/index.ts'
import type { Instruction } from './instructions.ts'

/** What was sent to the model, and where each value came from. Part of the immutable snapshot. */
export interface SnapshotSettings {
  internalName: string
  maxContext: number | null
  /** Input tokens from which on the conversation is to be summarised. */
  summarizeThreshold: number | null
  isOwnKey: boolean
  /** What the model takes as it is, beside text. */
  inputs: ModelInput[]
  parameters: ModelParameters
  /** How much the model was told to think. */
  thinking: ThinkingLevel | null
  /** Names of the tools that the model may call. */
  tools: string[]
  /** The agent that answers, and which version of it; left out where none does. */
  agentId?: string
  agentVersionId?: string
  /** How many model calls one turn may make, the last of them without tools; left out: 25. */
  maxSteps?: number
  /** Left out: not sent. */
  topK?: number
  /** Left out: the provider does not search. */
  ownSearch?: ProviderSearching
  modelOrigin: SettingOrigin
  /** Guardrails that hold, by their ids; left out where there are none. */
  guardrails?: string[]
  /** Who set the calls going, for the ledger; left out: a person. */
  usageType?: 'agent' | 'guardrail'
  /** A contact or a visitor asked: nobody can be asked for a permission. Left out: a member. */
  isOfGuest?: true
}

/** That the model's provider searches the web, and what it is told. */
export interface ProviderSearching {
  location: SearchLocation | null
  /** Other tools may be offered beside it. */
  takesTools: boolean
  /** Nano-dollars of a thousand searches; null is unknown. */
  per1k: string | null
}

export type SnapshotPrice = { [Kind in keyof Price]: string | null }

/** What a task was asked, as references: the messages up to the leaf, and what it was told beside them. */
export interface TaskPrompt {
  leafMessageId?: string | undefined
  instruction?: Instruction
}

/** An event in the log with the sequence numbers it covers. */
export type LoggedEvent = [first: number, last: number, event: TurnEvent]

export interface Snapshot {
  id: string
  hash: string
  provider: Provider
  modelId: string
  modelName: string
  connectionId: string
  keyOrigin: KeyOrigin
  systemPrompt: string | null
  settings: SnapshotSettings
  price: SnapshotPrice
}

/** Equal settings give the same hash and so share one row. */
export function makeSnapshot(fields: Omit<Snapshot, 'id' | 'hash' | 'price'> & { price: Price }): Snapshot {
  const price = Object.fromEntries(
    Object.entries(fields.price).map(([kind, per1k]) => [kind, per1k === null ? null : String(per1k)]),
  ) as SnapshotPrice
  const content = { ...fields, price }
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return { ...content, id: newId(), hash }
}

export function priceOf(snapshot: Pick<Snapshot, 'price'>): Price {
  const read = (per1k: string | null) => (per1k === null ? null : BigInt(per1k))
  const { inputPer1k, outputPer1k, reasoningPer1k, cacheReadPer1k, cacheWritePer1k } = snapshot.price
  return {
    inputPer1k: read(inputPer1k),
    outputPer1k: read(outputPer1k),
    reasoningPer1k: read(reasoningPer1k),
    cacheReadPer1k: read(cacheReadPer1k),
    cacheWritePer1k: read(cacheWritePer1k),
  }
}

export type JsonSchema = JSONObject

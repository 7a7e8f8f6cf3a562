import type { Generated } from 'kysely'
import type { Platform } from '../../../contract/channels.ts'

/** A messaging platform that a workspace answers on. */
export interface InstallationTable {
  id: string
  workspace_id: string
  platform: Platform
  name: string
  is_enabled: Generated<boolean>
  agent_id: string | null
  sealed_settings: Uint8Array
  /** The sender says which addresses it has verified. */
  verifies_email: Generated<boolean>
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** A person on a platform, who never signs up; its id is the principal's. */
export interface ContactTable {
  id: string
  workspace_id: string
  /** Null once the installation is gone. */
  installation_id: string | null
  external_id: string
  name: string
  language: string | null
  /** The member they were proved to be. */
  user_id: string | null
  created_at: Generated<Date>
}

/** Every event as it came, stored once before it is acknowledged. */
export interface InboundEventTable {
  id: string
  workspace_id: string
  installation_id: string
  external_id: string
  session_id: string
  /** Null once it is no longer kept. */
  raw: Uint8Array | null
  state: Generated<'open' | 'done' | 'ignored' | 'failed'>
  attempts: Generated<number>
  claimed_until: Date | null
  error: string | null
  conversation_id: string | null
  message_id: string | null
  received_at: Generated<Date>
}

/** What is to be sent to a contact, at least once. */
export interface DeliveryTable {
  message_id: string
  workspace_id: string
  installation_id: string
  conversation_id: string
  state: Generated<'pending' | 'sent' | 'failed'>
  /** It may have arrived: the connection broke before the platform answered. */
  is_uncertain: Generated<boolean>
  attempts: Generated<number>
  /** Those that the platform took are not sent again. */
  pieces_sent: Generated<number>
  next_attempt_at: Generated<Date>
  claimed_until: Date | null
  error: string | null
  /** Made by the client of a person who answers. */
  answer_key: string | null
  external_id: string | null
  created_at: Generated<Date>
  sent_at: Date | null
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    installation: InstallationTable
    contact: ContactTable
    inbound_event: InboundEventTable
    delivery: DeliveryTable
  }
}

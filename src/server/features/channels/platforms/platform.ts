import type { Egress } from '../../../platform/egress/index.ts'
import type { Secret } from '../../../platform/vault/index.ts'

/** The sealed settings of an installation; what is in them is the platform's affair. */
export type Settings = Record<string, Secret>

export interface EventHeaders {
  header(name: string): string | undefined
}

/** An event as it came. */
export interface RawEvent extends EventHeaders {
  body: Buffer
}

/** What tells one event from another, and the thread it belongs to. */
export interface EventIdentity {
  /** Of the event: the same when the platform sends it again. */
  externalId: string
  sessionId: string
}

/** A message in an event. */
export interface IncomingMessage {
  externalId: string
  sender: {
    externalId: string
    /** One line of plain characters. */
    name: string
    /** What the platform says, as a tag of BCP 47. */
    language: string | null
    /** Which the platform has verified, in lower case. What a person says of itself is none. */
    verifiedEmail: string | null
  }
  /** As the person wrote it. */
  text: string
  /** Mentions cleaned; null where it is the text. */
  structuredPrompt: string | null
  /** The id on the platform of what it replies to. */
  replyTo: string | null
  /** A record elsewhere that it is about. */
  entity: { type: string; id: string } | null
}

export interface OutgoingMessage {
  /** Ours; the same when it is sent again. */
  id: string
  sessionId: string
  markdown: string
  /** Of an earlier try: they are not sent again. */
  piecesSent: number
  /** The platform took one more. */
  onPiece(piecesSent: number): Promise<void>
}

/** Why a message could not be sent. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure'
  /** Whether trying again can help. */
  readonly isTemporary: boolean
  /** It may have arrived all the same. */
  readonly isUncertain: boolean
  readonly retryAfterSeconds: number | undefined

  constructor(
    message: string,
    {
      isTemporary = false,
      isUncertain = false,
      retryAfterSeconds,
      cause,
    }: Partial<Pick<SendFailure, 'isTemporary' | 'isUncertain' | 'retryAfterSeconds' | 'cause'>> = {},
  ) {
    super(message, { cause })
    this.isTemporary = isTemporary
    this.isUncertain = isUncertain
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** One messaging platform: how its events are proved and read, and how it is spoken to. */
export interface PlatformAdapter {
  /** Refuses what the headers alone show to be forged, before the body is read. Error: `hook.signature_invalid`. */
  admit(headers: EventHeaders, settings: Settings): void
  /** Proves, where `admit` could not, that the event comes from the platform and says what tells it apart. Errors: `hook.signature_invalid`, `hook.malformed`. Null: an event of no interest. */
  accept(event: RawEvent, settings: Settings): Promise<EventIdentity | null>
  /** The message in an event that was accepted; null where there is none for us. */
  read(body: Buffer, settings: Settings): Promise<IncomingMessage | null>
  /** Error: `SendFailure`. Answers with the platform's id of the message, where it has one. */
  send(egress: Egress, settings: Settings, message: OutgoingMessage): Promise<string | null>
}

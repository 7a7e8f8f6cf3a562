import { detectLanguage } from '../../platform/language/detect-language.ts'
import type { EventRow } from './event-store.ts'
import type { OpenedInstallation } from './installation-cache.ts'
import { platforms } from './platforms/index.ts'
import type { IncomingMessage } from './platforms/platform.ts'

/** What somebody said, and what is known of it beside its words. */
export interface SaidMessage extends IncomingMessage {
  /** Of this message. */
  language: string | null
  /** Of the conversation, as long as nothing is known of it. */
  usualLanguage: string | null
}

/** The message in an event; undefined where there is none for us. */
export async function readMessage({ row, settings }: OpenedInstallation, event: EventRow): Promise<SaidMessage | undefined> {
  const message = await platforms[row.platform].read(Buffer.from(event.raw), settings)
  if (!message) return undefined
  const detected = await detectLanguage(message.text)
  const { language, verifiedEmail } = message.sender
  return {
    ...message,
    sender: { ...message.sender, verifiedEmail: row.verifies_email ? verifiedEmail : null },
    language: languageOf(language, detected),
    usualLanguage: language ?? detected,
  }
}

/** A text that is clearly in another language than the platform says is in that; otherwise the platform knows it better, region included. */
function languageOf(told: string | null, detected: string | null): string | null {
  return detected && told?.split('-', 1)[0] !== detected ? detected : told
}

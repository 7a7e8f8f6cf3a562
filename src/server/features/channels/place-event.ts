import { newId } from '../../platform/ids.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { ensureContact, ensureConversation, findPlace, type Place } from './contact-store.ts'
import type { EventRow } from './event-store.ts'
import type { InstallationRow } from './installation-store.ts'
import { hasMessage } from '../conversations/index.ts'
import type { SaidMessage } from './read-message.ts'

/** Who said it and where it belongs; made where it is not there, changed where the platform says something new. */
export async function placeEvent(
  deps: ChannelDeps,
  installation: InstallationRow,
  event: EventRow,
  { sender, usualLanguage, entity }: SaidMessage,
): Promise<Place> {
  const known = await findPlace(deps.database, event, sender, usualLanguage)
  if (known) return known
  const { workspace_id: workspaceId, installation_id: installationId } = event
  return deps.db.transaction().execute(async (tx) => {
    const contactId = await ensureContact(tx, { id: newId(), workspaceId, installationId, ...sender })
    const conversation = await ensureConversation(tx, {
      id: newId(),
      workspaceId,
      installationId,
      sessionId: event.session_id,
      ownerId: contactId,
      source: installation.platform,
      language: usualLanguage,
      entity,
    })
    return { contactId, conversation, hasMessage: await hasMessage(tx, conversation.id, event.id) }
  })
}

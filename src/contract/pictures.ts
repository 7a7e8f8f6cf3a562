import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { ConversationId, MessageId } from './ids.ts'

export const pictures = {
  /**
   * A picture that a message of the actor's names, fetched by the server, so that its host learns nothing of who reads. Asked for by a person, never by drawing the
   * message: an address can carry away what a conversation is about. PNG, JPEG, GIF, WebP or AVIF of at most 8 MB.
   */
  fetch: endpoint
    .route({ method: 'POST', path: '/conversations/{id}/messages/{messageId}/picture' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, messageId: MessageId, url: z.string().max(2048).describe('as the message says it') }))
    .output(
      z.object({
        type: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']),
        base64: z.string(),
        width: z.number().int(),
        height: z.number().int(),
      }),
    )
    .errors(
      errors(
        'conversation.not_found',
        'message.not_found',
        'picture.not_found',
        'picture.unreachable',
        'picture.unsupported',
        'connection.address_forbidden',
      ),
    ),
}

import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { Person } from './test-app.ts'

/** A webhook of a workspace, as the program on its other side knows it. */
export interface Hook {
  installationId: string
  secret: string
}

export interface HookEvent {
  session?: string
  sender?: { id: string; name?: string; language?: string; [more: string]: unknown }
  message?: { id?: string; text?: string; replyTo?: string }
  entity?: { type: string; id: string }
}

export async function addHook(
  person: Person,
  replyUrl: string,
  {
    verifiesEmail = false,
    workspaceId = person.workspaceId,
    modelId,
    systemPrompt: instructions,
  }: { modelId?: string; systemPrompt?: string; verifiesEmail?: boolean; workspaceId?: string } = {},
): Promise<Hook> {
  const agentId =
    modelId || instructions
      ? (
          await person.get('agents.create', {
            workspaceId,
            name: 'Front desk',
            ...(modelId && { modelId: modelId as never }),
            ...(instructions && { instructions }),
          })
        ).id
      : null
  const { installation, secret } = await person.get('installations.create', {
    workspaceId,
    name: 'A hook',
    settings: { platform: 'webhook', replyUrl, verifiesEmail },
    agentId,
  })
  return { installationId: installation.id, secret: secret! }
}

export function hookBody({ session = 's1', sender = { id: 'ada', name: 'Ada' }, message, entity }: HookEvent): string {
  return JSON.stringify({ session, sender, message: { id: randomUUID(), text: 'hello', ...message }, ...(entity && { entity }) })
}

export function signed({ secret }: Hook, body: string, { id = `evt_${randomUUID()}`, at = new Date() } = {}): RequestInit {
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
  }
}

/** Posts an event to a server. */
export function sendEvent(url: string, hook: Hook, event: HookEvent, how: { id?: string; at?: Date } = {}): Promise<Response> {
  return fetch(`${url}/hooks/${hook.installationId}`, signed(hook, hookBody(event), how))
}

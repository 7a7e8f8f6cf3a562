import { inbox, installations } from '../../../contract/channels.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { answerContact, getInboxConversation, handBack, listInbox, retryDeliveries, takeOver } from './inbox.ts'
import { createInstallation, deleteInstallation, listInstallations, rotateSecret, updateInstallation } from './manage-installations.ts'

export const installationRoutes = (deps: ChannelDeps): Routes<typeof installations> => ({
  list: handle(installations.list, (actor, { workspaceId }) => listInstallations(deps, actor, workspaceId)),
  create: handle(installations.create, (actor, input) => createInstallation(deps, actor, input)),
  update: handle(installations.update, (actor, input) => updateInstallation(deps, actor, input)),
  rotateSecret: handle(installations.rotateSecret, (actor, { id }) => rotateSecret(deps, actor, id)),
  delete: handle(installations.delete, (actor, { id }) => deleteInstallation(deps, actor, id)),
})

export const inboxRoutes = (deps: ChannelDeps): Routes<typeof inbox> => ({
  list: handle(inbox.list, (actor, input) => listInbox(deps, actor, input)),
  get: handle(inbox.get, (actor, { id }) => getInboxConversation(deps, actor, id)),
  takeOver: handle(inbox.takeOver, (actor, { id }) => takeOver(deps, actor, id)),
  handBack: handle(inbox.handBack, (actor, { id }) => handBack(deps, actor, id)),
  answer: handle(inbox.answer, (actor, input) => answerContact(deps, actor, input)),
  retry: handle(inbox.retry, (actor, { id }) => retryDeliveries(deps, actor, id)),
})

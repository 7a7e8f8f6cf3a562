import { conversations as contract } from '../../../contract/conversations.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { createConversation, deleteConversation, restoreConversation, switchBranch, updateConversation } from './change-conversations.ts'
import { getConversationSettings, type SettingsDeps, updateConversationSettings } from './conversation-settings.ts'
import { deleteBranch, restoreBranch } from './delete-branch.ts'
import { forkConversation } from './fork-conversation.ts'
import { deleteConversations, emptyTrash, listTags, listTrash, updateConversations } from './organise-conversations.ts'
import { rateMessage } from './rate-message.ts'
import { getConversation, listConversations, listChildren, listMessages, listSiblings } from './read-conversations.ts'

export const conversationRoutes = (deps: SettingsDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, input) => listConversations(deps, actor, input)),
  create: handle(contract.create, (actor, input) => createConversation(deps, actor, input)),
  get: handle(contract.get, (actor, { id }) => getConversation(deps, actor, id)),
  update: handle(contract.update, (actor, input) => updateConversation(deps, actor, input)),
  getSettings: handle(contract.getSettings, (actor, { id }) => getConversationSettings(deps, actor, id)),
  updateSettings: handle(contract.updateSettings, (actor, input) => updateConversationSettings(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deleteConversation(deps, actor, id)),
  restore: handle(contract.restore, (actor, { id }) => restoreConversation(deps, actor, id)),
  updateMany: handle(contract.updateMany, (actor, input) => updateConversations(deps, actor, input)),
  deleteMany: handle(contract.deleteMany, (actor, input) => deleteConversations(deps, actor, input)),
  listTrash: handle(contract.listTrash, (actor, input) => listTrash(deps, actor, input)),
  emptyTrash: handle(contract.emptyTrash, (actor, { workspaceId }) => emptyTrash(deps, actor, workspaceId)),
  listTags: handle(contract.listTags, (actor, { workspaceId }) => listTags(deps, actor, workspaceId)),
  children: handle(contract.children, (actor, { id }) => listChildren(deps, actor, id)),
  messages: handle(contract.messages, (actor, input) => listMessages(deps, actor, input)),
  siblings: handle(contract.siblings, (actor, input) => listSiblings(deps, actor, input)),
  fork: handle(contract.fork, (actor, input) => forkConversation(deps, actor, input)),
  deleteBranch: handle(contract.deleteBranch, (actor, input) => deleteBranch(deps, actor, input)),
  restoreBranch: handle(contract.restoreBranch, (actor, input) => restoreBranch(deps, actor, input)),
  switchBranch: handle(contract.switchBranch, (actor, input) => switchBranch(deps, actor, input)),
  rateMessage: handle(contract.rateMessage, (actor, input) => rateMessage(deps, actor, input)),
})

import { shares as contract } from '../../../contract/shares.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { revokeShare, updateShare } from './change-share.ts'
import { createShare } from './create-share.ts'
import { forkShare } from './fork-share.ts'
import { listConversationShares, listShares } from './list-shares.ts'
import type { ShareDeps } from './share-deps.ts'

export const shareRoutes = (deps: ShareDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, input) => listShares(deps, actor, input)),
  listOfConversation: handle(contract.listOfConversation, (actor, { id }) => listConversationShares(deps, actor, id)),
  create: handle(contract.create, (actor, input) => createShare(deps, actor, input)),
  update: handle(contract.update, (actor, input) => updateShare(deps, actor, input)),
  revoke: handle(contract.revoke, (actor, { id }) => revokeShare(deps, actor, id)),
  fork: handle(contract.fork, (actor, input) => forkShare(deps, actor, input)),
})

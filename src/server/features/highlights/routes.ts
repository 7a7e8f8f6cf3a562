import { highlights as contract } from '../../../contract/highlights.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { createHighlight, deleteHighlight, type HighlightDeps, updateHighlight } from './change-highlights.ts'
import { listConversationHighlights, listHighlights } from './list-highlights.ts'

export const highlightRoutes = (deps: HighlightDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, input) => listHighlights(deps, actor, input)),
  listOfConversation: handle(contract.listOfConversation, (actor, { id }) => listConversationHighlights(deps, actor, id)),
  create: handle(contract.create, (actor, input) => createHighlight(deps, actor, input)),
  update: handle(contract.update, (actor, input) => updateHighlight(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deleteHighlight(deps, actor, id)),
})

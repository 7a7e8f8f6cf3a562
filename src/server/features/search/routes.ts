import { search as contract } from '../../../contract/search.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { type SearchDeps, searchMessages } from './search-messages.ts'

export const searchRoutes = (deps: SearchDeps): Routes<typeof contract> => ({
  messages: handle(contract.messages, (actor, input) => searchMessages(deps, actor, input)),
})

import { addons } from './addons.ts'
import { agentPackages } from './agent-packages.ts'
import { agentRoles, agents } from './agents.ts'
import { apps } from './apps.ts'
import { attachments } from './attachments.ts'
import { bots } from './bots.ts'
import { conversations } from './conversations.ts'
import { customTools } from './custom-tools.ts'
import { events } from './events.ts'
import { exports } from './exports.ts'
import { guardrails } from './guardrails.ts'
import { highlights } from './highlights.ts'
import { imports } from './imports.ts'
import { memories } from './memories.ts'
import { inbox, installations } from './channels.ts'
import { mcpServers } from './mcp-servers.ts'
import { connections, models } from './models.ts'
import { pageFaq, pageLinks, pageRoles, pages } from './pages.ts'
import { people } from './people.ts'
import { pictures } from './pictures.ts'
import { prompts } from './prompts.ts'
import { search } from './search.ts'
import { shares } from './shares.ts'
import { system } from './system.ts'
import { toolPermissions } from './tool-permissions.ts'
import { toolQuestions } from './tool-questions.ts'
import { turns } from './turns.ts'
import { usage } from './usage.ts'
import { workspaces } from './workspaces.ts'

/** Everything that is served under `/api`. */
export const contract = {
  system,
  people,
  apps,
  workspaces,
  connections,
  customTools,
  models,
  conversations,
  search,
  turns,
  toolPermissions,
  toolQuestions,
  usage,
  events,
  installations,
  inbox,
  pages,
  pageLinks,
  pageFaq,
  pageRoles,
  bots,
  shares,
  highlights,
  pictures,
  attachments,
  prompts,
  agents,
  agentRoles,
  agentPackages,
  memories,
  exports,
  imports,
  mcpServers,
  addons,
  guardrails,
}

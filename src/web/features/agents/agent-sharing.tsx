import { useQuery, useQueryClient } from '@tanstack/react-query'
import { agentRoleNames } from '../../../contract/agent-choices.ts'
import type { Agent, AgentRole } from '../../../contract/agents.ts'
import { api, query } from '../../api.ts'
import { RoleList, type RoleWords } from '../../ui/role-list.tsx'
import { a } from './strings.ts'

const options = agentRoleNames.map((value) => ({ value, label: a(`roles.${value}`) }))
const words: RoleWords<AgentRole['role']> = {
  roleOf: (name) => a('roles.role_of', { name }),
  remove: (name) => a('roles.remove', { name }),
  changed: (name) => a('roles.changed', { name }),
  removed: (name) => a('roles.removed', { name }),
  failed: a('roles.failed'),
  email: a('roles.email'),
  emailHelp: a('roles.intro'),
  emailMissing: a('roles.email.missing'),
  role: a('roles.role'),
  add: a('roles.add'),
}

/** Whom it is shared with by name, beside everybody of a workspace. */
export function AgentSharing({ id }: { id: Agent['id'] }) {
  const client = useQueryClient()
  return (
    <section className="agent-section" aria-labelledby="agent-sharing">
      <h2 id="agent-sharing">{a('roles.title')}</h2>
      <RoleList
        holders={useQuery(query.agentRoles.list.queryOptions({ input: { id } }))}
        options={options}
        usual="agent user"
        words={words}
        grant={(email, role) => api.agentRoles.grant({ id, email, role })}
        revoke={(userId) => api.agentRoles.revoke({ id, userId })}
        refresh={() => client.invalidateQueries({ queryKey: query.agentRoles.key() })}
      />
    </section>
  )
}

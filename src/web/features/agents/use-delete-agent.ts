import { useQueryClient } from '@tanstack/react-query'
import type { AgentSummary } from '../../../contract/agents.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { a } from './strings.ts'

type Named = Pick<AgentSummary, 'id' | 'name'>

/** Gone from the list at once, with a way back. */
export function useDeleteAgent(): (agent: Named) => Promise<void> {
  const client = useQueryClient()
  const lists = { queryKey: query.agents.list.key() }
  const refresh = () => client.invalidateQueries({ queryKey: query.agents.key() })

  async function restore({ id, name }: Named): Promise<void> {
    try {
      await api.agents.restore({ id })
    } catch (error) {
      showError(error, a('restore.failed', { name }))
    }
    await refresh()
  }

  return async (agent) => {
    const { id, name } = agent
    await client.cancelQueries(lists)
    client.setQueriesData(lists, (known: unknown) => withoutAgent(known, id))
    try {
      await api.agents.delete({ id })
      showToast({ title: a('deleted', { name }), action: { label: t('ui.undo'), onPress: () => void restore(agent) } })
    } catch (error) {
      showError(error, a('delete.failed', { name }))
    }
    await refresh()
  }
}

interface Page {
  agents: AgentSummary[]
}

/** Of a list as the composer asks for it, or of the pages of the screen. */
function withoutAgent(known: unknown, id: string): unknown {
  const without = (page: Page) => ({ ...page, agents: page.agents.filter((one) => one.id !== id) })
  if (typeof known !== 'object' || known === null) return known
  if ('pages' in known) return { ...known, pages: (known.pages as Page[]).map(without) }
  return 'agents' in known ? without(known as Page) : known
}

import { useQueryClient } from '@tanstack/react-query'
import type { PromptSummary } from '../../../contract/prompts.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { p } from './strings.ts'

type Named = Pick<PromptSummary, 'id' | 'name'>

/** Gone from the list at once, with a way back. */
export function useDeletePrompt(): (prompt: Named) => Promise<void> {
  const client = useQueryClient()
  const lists = { queryKey: query.prompts.list.key() }
  const refresh = () => client.invalidateQueries(lists)

  async function restore({ id, name }: Named): Promise<void> {
    try {
      await api.prompts.restore({ id })
    } catch (error) {
      showError(error, p('restore.failed', { name }))
    }
    await refresh()
  }

  return async (prompt) => {
    const { id, name } = prompt
    await client.cancelQueries(lists)
    client.setQueriesData(lists, (known: unknown) => withoutPrompt(known, id))
    try {
      await api.prompts.delete({ id })
      showToast({ title: p('deleted', { name }), action: { label: t('ui.undo'), onPress: () => void restore(prompt) } })
    } catch (error) {
      showError(error, p('delete.failed', { name }))
    }
    await refresh()
  }
}

interface Page {
  prompts: PromptSummary[]
}

/** Of a list as `/` asks for it, or of the pages of the screen. */
function withoutPrompt(known: unknown, id: string): unknown {
  const without = (page: Page) => ({ ...page, prompts: page.prompts.filter((one) => one.id !== id) })
  if (typeof known !== 'object' || known === null) return known
  if ('pages' in known) return { ...known, pages: (known.pages as Page[]).map(without) }
  return 'prompts' in known ? without(known as Page) : known
}

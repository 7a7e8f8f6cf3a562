import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Memory } from '../../../contract/memories.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { m } from './strings.ts'

/** What is remembered here, and what can be done at once with a way back. */
export function useMemories(workspaceId: Memory['workspaceId']) {
  const client = useQueryClient()
  const options = query.memories.list.queryOptions({ input: { workspaceId } })
  const list = useQuery(options)
  const refresh = () => client.invalidateQueries({ queryKey: options.queryKey })

  async function change(
    patch: (known: NonNullable<typeof list.data>) => NonNullable<typeof list.data>,
    send: () => Promise<unknown>,
    failed: string,
  ) {
    await client.cancelQueries({ queryKey: options.queryKey })
    client.setQueryData(options.queryKey, (known) => known && patch(known))
    try {
      await send()
      return true
    } catch (error) {
      showError(error, failed)
      return false
    } finally {
      await refresh()
    }
  }

  async function bringBack({ text }: Memory) {
    await api.memories.create({ workspaceId, text }).catch((error: unknown) => showError(error, m('undo.failed')))
    await refresh()
  }

  return {
    list,
    setOn: (isOn: boolean) =>
      change(
        (known) => ({ ...known, isOn }),
        () => api.memories.switch({ workspaceId, isOn }),
        m('switch.failed'),
      ),
    async erase(memory: Memory) {
      const without = (known: NonNullable<typeof list.data>) => ({
        ...known,
        memories: known.memories.filter(({ id }) => id !== memory.id),
      })
      if (!(await change(without, () => api.memories.delete({ id: memory.id }), m('erase.failed')))) return
      // It comes back as the person's own words, so only what is for every conversation can.
      const undo = { label: t('ui.undo'), onPress: () => void bringBack(memory) }
      showToast({ title: m('erased'), ...(memory.agentId === null && { action: undo }) })
    },
    async clear() {
      await api.memories.clear({ workspaceId })
      await refresh()
      showToast({ title: m('cleared') })
    },
  }
}

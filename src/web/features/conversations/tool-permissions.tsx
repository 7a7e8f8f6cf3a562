import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Ban, Check } from 'lucide-react'
import type { ConversationId } from '../../../contract/ids.ts'
import type { ToolPermission } from '../../../contract/tool-permissions.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError } from '../../ui/toast.tsx'
import { toolTitle } from './transcript/tool-title.ts'

/** Tools about which "always" or "never" was said. Taken back at once, apart from what else is set here. */
export function ToolPermissions({ conversationId }: { conversationId: ConversationId }) {
  const options = query.toolPermissions.list.queryOptions({ input: { id: conversationId }, staleTime: 0 })
  const permissions = useQuery(options)
  const client = useQueryClient()

  async function revoke({ id }: ToolPermission) {
    const before = client.getQueryData(options.queryKey)
    client.setQueryData(options.queryKey, (known) => known?.filter((one) => one.id !== id))
    try {
      await api.toolPermissions.revoke({ id })
    } catch (error) {
      client.setQueryData(options.queryKey, before)
      showError(error, t('conversation.tools.revoke.failed'))
    }
  }

  if (permissions.isPending) return <Skeleton width="100%" height="2rem" />
  if (permissions.error) return <ErrorState error={permissions.error} onRetry={() => void permissions.refetch()} />
  if (permissions.data.length === 0) return <p className="settings-model">{t('conversation.tools.none')}</p>
  return (
    <RowList
      rows={permissions.data.map((one) => {
        const { label, source } = toolTitle(one.toolName)
        return {
          key: one.id,
          icon: one.decision === 'allow' ? Check : Ban,
          title: source ? t('conversation.tool.of', { tool: label, source }) : label,
          detail: t(`conversation.tools.${one.decision}.${one.scope}`),
          actions: (
            <Button
              size="s"
              variant="quiet"
              aria-label={t('conversation.tools.revoke.of', { tool: label })}
              onClick={() => void revoke(one)}
            >
              {t('conversation.tools.revoke')}
            </Button>
          ),
        }
      })}
    />
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { McpServer, McpTool, ToolPermission } from '../../../contract/mcp-servers.ts'
import { api, query } from '../../api.ts'
import { Select } from '../../ui/field.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError } from '../../ui/toast.tsx'
import { m } from './strings.ts'

const permissions = (['allow', 'ask', 'deny'] as const).map((value) => ({ value, label: m(`permission.${value}`) }))

/** Each tool with its permission, which changes at once and comes back where the server refuses. */
export function ToolTable({ id, mayChange }: { id: McpServer['id']; mayChange: boolean }) {
  const client = useQueryClient()
  const options = query.mcpServers.listTools.queryOptions({ input: { id } })
  const tools = useQuery(options)

  async function setPermission(toolIds: McpTool['id'][], permission: ToolPermission) {
    const before = client.getQueryData(options.queryKey)
    const hashes = toolIds.map((toolId) => before?.find((tool) => tool.id === toolId)?.hash ?? '')
    await client.cancelQueries({ queryKey: options.queryKey })
    client.setQueryData(options.queryKey, (all) =>
      all?.map((tool) => (toolIds.includes(tool.id) ? { ...tool, permission, isChanged: false } : tool)),
    )
    try {
      client.setQueryData(options.queryKey, await api.mcpServers.setPermissions({ id, toolIds, permission, hashes }))
    } catch (error) {
      client.setQueryData(options.queryKey, before)
      showError(error, m('permission.failed'))
    }
  }

  if (tools.isPending) return <RowListSkeleton rows={4} />
  if (tools.isError) return <ErrorState error={tools.error} onRetry={() => void tools.refetch()} />
  if (tools.data.length === 0) return <p className="settings-intro">{m('detail.tools.none')}</p>
  const choice = (name: string, ids: McpTool['id'][], value: ToolPermission | '') =>
    mayChange ? (
      <Select
        aria-label={m('permission.label', { name })}
        value={value}
        onChange={(permission) => permission !== '' && void setPermission(ids, permission)}
        options={value === '' ? [{ value: '' as const, label: '…' }, ...permissions] : permissions}
      />
    ) : (
      value !== '' && m(`permission.${value}`)
    )
  const shared = new Set(tools.data.map(({ permission }) => permission))
  const all = {
    key: 'all',
    title: m('detail.all'),
    actions: choice(
      m('detail.all'),
      tools.data.map((tool) => tool.id),
      shared.size === 1 ? [...shared][0]! : '',
    ),
  }
  return (
    <RowList
      rows={[
        ...(mayChange && tools.data.length > 1 ? [all] : []),
        ...tools.data.map((tool) => ({
          key: tool.id,
          title: tool.title ?? tool.name,
          badge: tool.isChanged ? m('tool.changed') : tool.hints.isReadOnly ? m('tool.read_only') : undefined,
          detail: (
            <>
              <code>{tool.callName}</code>
              {tool.description && ` · ${tool.description}`}
            </>
          ),
          actions: choice(tool.name, [tool.id], tool.permission),
        })),
      ]}
    />
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AgentPackage, AgentPackageVersion } from '../../../contract/agent-packages.ts'
import { api, query } from '../../api.ts'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { p } from './strings.ts'

/** All that ever were in force, the way back, and what was done by whom. */
export function PackageVersions({
  one,
  mayRun,
  onOpenChange,
}: {
  one: AgentPackage
  mayRun: boolean
  onOpenChange: (open: boolean) => void
}) {
  const client = useQueryClient()
  const { id, agentId, packageId, current } = one
  const { name } = current.manifest
  const versions = useQuery(query.agentPackages.versions.queryOptions({ input: { id } }))
  const events = useQuery(query.agentPackages.events.queryOptions({ input: { agentId } }))
  const [pending, setPending] = useState<number | null>(null)

  async function rollBack({ number, manifest: { version } }: AgentPackageVersion) {
    if (pending !== null) return
    setPending(number)
    try {
      await api.agentPackages.rollBack({ id, number })
      showToast({ title: p('agent.back.done', { name, version }) })
      for (const part of [query.agents, query.agentPackages, query.mcpServers]) void client.invalidateQueries({ queryKey: part.key() })
      onOpenChange(false)
    } catch (error) {
      showError(error, p('agent.back.failed'))
    } finally {
      setPending(null)
    }
  }

  return (
    <Dialog open onOpenChange={onOpenChange} width="m" title={p('agent.versions.title', { name })}>
      {versions.isPending && <RowListSkeleton rows={2} />}
      {versions.isError && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.data && (
        <RowList
          rows={versions.data.map((version) => {
            const words = version.manifest.version
            const isCurrent = version.number === current.number
            return {
              key: String(version.number),
              title: words,
              badge: isCurrent ? p('agent.versions.current') : undefined,
              detail: p('agent.versions.detail', {
                when: formatAgo(version.installedAt),
                who: version.installedByName,
                sha: version.sha256.slice(0, 12),
              }),
              actions: mayRun && !isCurrent && version.sha256 !== current.sha256 && (
                <Button
                  size="s"
                  isPending={pending === version.number}
                  aria-label={p('agent.back', { version: words })}
                  onClick={() => void rollBack(version)}
                >
                  {p('agent.back.short')}
                </Button>
              ),
            }
          })}
        />
      )}
      {events.data && (
        <>
          <h3 className="package-heading package-history">{p('agent.history')}</h3>
          <RowList
            rows={events.data
              .filter((event) => event.packageId === packageId)
              .map((event, index) => ({
                key: String(index),
                title: p(`agent.event.${event.action}`, { package: name, version: event.version }),
                detail: p('agent.event.detail', { when: formatAgo(event.at), who: event.byName }),
              }))}
          />
        </>
      )}
    </Dialog>
  )
}

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Agent, AgentVersion } from '../../../contract/agents.ts'
import { api, query } from '../../api.ts'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { a } from './strings.ts'

/** Everything it ever was, and the way back. */
export function AgentVersions({ agent }: { agent: Agent }) {
  const { id, version, mayEdit } = agent
  const client = useQueryClient()
  const [shown, setShown] = useState<AgentVersion | null>(null)
  const list = useInfiniteQuery(
    query.agents.versions.infiniteOptions({
      input: (before: number | undefined) => ({ id, ...(before !== undefined && { before }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => (page.hasMore ? page.versions.at(-1)?.number : undefined),
    }),
  )
  const versions = list.data?.pages.flatMap((page) => page.versions)

  async function restore(number: number) {
    try {
      const changed = await api.agents.restoreVersion({ id, number, baseVersion: version })
      client.setQueryData(query.agents.get.queryKey({ input: { id } }), changed)
      showToast({ title: a('versions.restored', { number, version: changed.version }) })
    } catch (error) {
      showError(error, a('versions.failed'))
    }
    setShown(null)
    await client.invalidateQueries({ queryKey: query.agents.key() })
  }

  return (
    <section className="agent-section" aria-labelledby="agent-versions">
      <h2 id="agent-versions">{a('versions.title')}</h2>
      {list.isPending && <RowListSkeleton rows={2} />}
      {list.isError && !versions && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {versions && (
        <RowList
          rows={versions.map((one) => ({
            key: String(one.number),
            title: one.note ?? a('versions.name', { number: one.number }),
            badge: one.number === version ? a('versions.current') : undefined,
            detail: a('versions.detail', { who: one.createdByName, when: formatAgo(one.createdAt) }),
            actions: (
              <Button size="s" variant="quiet" onClick={() => setShown(one)}>
                {a('versions.show', { number: one.number })}
              </Button>
            ),
          }))}
        />
      )}
      {list.hasNextPage && (
        <Button size="s" isPending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {a('versions.more')}
        </Button>
      )}
      {shown && (
        <Dialog
          open
          onOpenChange={(open) => !open && setShown(null)}
          width="m"
          title={a('versions.name', { number: shown.number })}
          description={a('versions.detail', { who: shown.createdByName, when: formatAgo(shown.createdAt) })}
          footer={
            mayEdit && shown.number !== version ? (
              <Button variant="primary" onClick={() => void restore(shown.number)}>
                {a('versions.restore', { number: shown.number })}
              </Button>
            ) : undefined
          }
        >
          <AgentVersionText version={shown} />
        </Dialog>
      )}
    </section>
  )
}

/** What a version says, to be read. */
export function AgentVersionText({ version }: { version: AgentVersion }) {
  const { instructions, tools, starters, maxSteps, parameters } = version
  const facts = [
    ...Object.entries(parameters).flatMap(([name, value]) =>
      value === null ? [] : [`${a(`form.${name as keyof typeof parameters}`)}: ${String(value)}`],
    ),
    ...(maxSteps === null ? [] : [`${a('form.steps')}: ${maxSteps}`]),
    `${a('form.tools')}: ${tools === null ? a('form.tools.all') : tools.join(', ') || '–'}`,
    ...(starters.length > 0 ? [`${a('form.starters')}: ${starters.join(' · ')}`] : []),
  ]
  return (
    <>
      {instructions === '' ? (
        <p>{a('read.none')}</p>
      ) : (
        // Long ones are scrolled by keys, too.
        <pre className="written-text" tabIndex={0} aria-label={a('read.instructions')}>
          {instructions}
        </pre>
      )}
      {facts.map((fact) => (
        <p key={fact} className="agents-facts">
          {fact}
        </p>
      ))}
    </>
  )
}

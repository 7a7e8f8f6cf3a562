import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ellipsis, History, Package, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { AgentPackage } from '../../../contract/agent-packages.ts'
import type { Agent } from '../../../contract/agents.ts'
import { api, query } from '../../api.ts'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { RadioCards } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showToast } from '../../ui/toast.tsx'
import { can, useMe } from '../people/me.ts'
import { PackageFacts } from './package-facts.tsx'
import { PackageNotes } from './package-notes.tsx'
import { PackageVersions } from './package-versions.tsx'
import { sourceWords } from './source-of.ts'
import { p } from './strings.ts'

type Open = { kind: 'facts' | 'versions' | 'delete'; one: AgentPackage }

/** What is installed in an agent; nothing where nothing is and nobody could install anything. */
export function AgentPackages({ agent: { id: agentId, mayEdit } }: { agent: Agent }) {
  const navigate = useNavigate()
  const { access } = useMe()
  const list = useQuery(query.agentPackages.list.queryOptions({ input: { agentId } }))
  const [open, setOpen] = useState<Open | null>(null)
  const mayRun = mayEdit && can(access, 'server-program', 'create')
  if (!mayRun && !list.data?.length && !list.isError) return null
  const close = (isOpen: boolean) => !isOpen && setOpen(null)
  return (
    <section className="agent-section" aria-labelledby="agent-packages">
      <h2 id="agent-packages">{p('agent.title')}</h2>
      {list.isPending && <RowListSkeleton rows={1} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className="field-help">{p('agent.none')}</p>}
      {list.data && list.data.length > 0 && (
        <RowList
          rows={list.data.map((one) => {
            const { manifest, installedAt, installedByName } = one.current
            const { name, version } = manifest
            const facts = [
              p('agent.installed', { version, when: formatAgo(installedAt), who: installedByName }),
              p('agent.source', { source: sourceWords(one.current.source) }),
              ...(manifest.tools ? [p('agent.tools', { count: manifest.tools.offers.length })] : []),
            ]
            return {
              key: one.id,
              icon: Package,
              title: name,
              detail: facts.join(' · '),
              note: one.notes.some((note) => note !== 'runs_unasked' && note !== 'network') && (
                <PackageNotes
                  notes={one.notes.filter((note) => note !== 'runs_unasked' && note !== 'network')}
                  hosts={manifest.tools?.network ?? []}
                />
              ),
              actions: (
                <>
                  <Button
                    size="s"
                    variant="quiet"
                    aria-label={p('agent.details', { name })}
                    onClick={() => setOpen({ kind: 'facts', one })}
                  >
                    {p('summary.title')}
                  </Button>
                  {mayEdit && (
                    <Menu align="end" trigger={<IconButton icon={Ellipsis} label={p('agent.more', { name })} size="s" />}>
                      {mayRun && (
                        <MenuItem
                          icon={RefreshCw}
                          onSelect={() => void navigate({ to: '/agents/install', search: { agent: agentId, updates: one.id } })}
                        >
                          {p('agent.update')}
                        </MenuItem>
                      )}
                      <MenuItem icon={History} onSelect={() => setOpen({ kind: 'versions', one })}>
                        {p('agent.versions')}
                      </MenuItem>
                      <MenuItem icon={Trash2} isDanger onSelect={() => setOpen({ kind: 'delete', one })}>
                        {p('agent.delete')}
                      </MenuItem>
                    </Menu>
                  )}
                </>
              ),
            }
          })}
        />
      )}
      {mayRun && (
        <p className="package-add">
          <Button size="s" icon={Package} onClick={() => void navigate({ to: '/agents/install', search: { agent: agentId } })}>
            {p('install')}
          </Button>
        </p>
      )}
      {open?.kind === 'facts' && (
        <Dialog
          open
          onOpenChange={close}
          width="m"
          title={open.one.current.manifest.name}
          description={open.one.current.manifest.description}
        >
          <div className="package-summary">
            <PackageNotes notes={open.one.notes} hosts={open.one.current.manifest.tools?.network ?? []} />
            <PackageFacts shown={open.one.current} notes={open.one.notes} />
          </div>
        </Dialog>
      )}
      {open?.kind === 'versions' && <PackageVersions one={open.one} mayRun={mayRun} onOpenChange={close} />}
      {open?.kind === 'delete' && <DeletePackage one={open.one} onOpenChange={close} />}
    </section>
  )
}

function DeletePackage({ one, onOpenChange }: { one: AgentPackage; onOpenChange: (open: boolean) => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [fate, setFate] = useState<'keep' | 'delete'>('keep')
  const { name } = one.current.manifest
  return (
    <ConfirmDialog
      open
      onOpenChange={onOpenChange}
      title={p('delete.title', { name })}
      text={p('delete.text')}
      action={p('agent.delete').replace(/\s*…$/, '')}
      onConfirm={async () => {
        await api.agentPackages.delete({ id: one.id, agent: fate })
        showToast({ title: p('delete.done', { name }) })
        for (const part of [query.agents, query.agentPackages, query.mcpServers]) void client.invalidateQueries({ queryKey: part.key() })
        if (fate === 'delete') await navigate({ to: '/agents' })
      }}
    >
      <RadioCards
        label={p('delete.what')}
        value={fate}
        onChange={setFate}
        options={(['keep', 'delete'] as const).map((value) => ({
          value,
          label: p(value === 'keep' ? 'delete.keep' : 'delete.agent'),
          detail: p(value === 'keep' ? 'delete.keep.detail' : 'delete.agent.detail'),
        }))}
      />
    </ConfirmDialog>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowLeft, Lock, RotateCcw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { AgentPackage, NewPackageSource, PackageInspection } from '../../../contract/agent-packages.ts'
import type { AgentId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { type ApiError, toApiError } from '../../errors.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { Button } from '../../ui/button.tsx'
import { RadioCards } from '../../ui/field.tsx'
import { FormSummary } from '../../ui/form.tsx'
import { LibraryPage } from '../../ui/library.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { can, useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { ConsentForm } from './consent-form.tsx'
import { GalleryList } from './gallery-list.tsx'
import { PackageFacts } from './package-facts.tsx'
import { isStopped, PackageDifference, PackageNotes } from './package-notes.tsx'
import { SourceForm } from './source-form.tsx'
import { sourceWords } from './source-of.ts'
import { p } from './strings.ts'
import './packages.css'

/** Looking at a package, and consent to it; `updates`: as a new version of the one that is in the agent. */
export function InstallScreen() {
  const { agent, updates } = useSearch({ from: '/app/conversations/agents/install' })
  const navigate = useNavigate()
  const { access } = useMe()
  return (
    <>
      <ScreenBar
        title={p(updates ? 'update.title' : 'install.title')}
        actions={
          <Button size="s" variant="quiet" icon={ArrowLeft} onClick={() => void navigate({ to: '/agents' })}>
            {p('back')}
          </Button>
        }
      />
      <LibraryPage>
        {!can(access, 'server-program', 'create') ? (
          <EmptyState icon={Lock} title={p('forbidden')}>
            {p('forbidden.text')}
          </EmptyState>
        ) : updates && agent ? (
          <Update key={updates} agentId={agent as AgentId} id={updates} />
        ) : (
          <Install installed={undefined} agentId={agent} />
        )}
      </LibraryPage>
    </>
  )
}

function Update({ agentId, id }: { agentId: AgentId; id: string }) {
  const list = useQuery(query.agentPackages.list.queryOptions({ input: { agentId } }))
  const installed = list.data?.find((one) => one.id === id)
  if (list.isPending) return <Skeleton width="100%" height="16rem" />
  if (!installed) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  return <Install installed={installed} agentId={agentId} />
}

type Kind = 'gallery' | 'file' | 'git' | 'url'

function Install({ installed, agentId }: { installed: AgentPackage | undefined; agentId: string | undefined }) {
  const { id: workspaceId } = useWorkspace()
  const [inspection, setInspection] = useState<PackageInspection | null>(null)
  const [kind, setKind] = useState<Kind>(installed ? 'file' : 'gallery')
  const top = useRef<HTMLHeadingElement>(null)
  // What was asked for is there: that is where reading goes on.
  useEffect(() => {
    if (inspection) top.current?.focus()
  }, [inspection])

  async function inspect(source?: NewPackageSource) {
    setInspection(await api.agentPackages.inspect({ workspaceId, ...(source && { source }), ...(installed && { updates: installed.id }) }))
  }

  if (inspection) {
    const { manifest, notes, changes } = inspection
    return (
      <article className="package-summary">
        <h2 ref={top} tabIndex={-1}>
          {manifest.name} <span className="package-version">{manifest.version}</span>
        </h2>
        <p>{manifest.description}</p>
        <PackageNotes notes={notes} hosts={manifest.tools?.network ?? []} />
        {changes && <PackageDifference changes={changes} />}
        <PackageFacts shown={inspection} notes={notes} />
        {!isStopped(notes) && <ConsentForm inspection={inspection} known={installed?.current.envNames ?? []} agentId={agentId} />}
        <div>
          <Button variant="quiet" icon={RotateCcw} onClick={() => setInspection(null)}>
            {p('summary.other')}
          </Button>
        </div>
      </article>
    )
  }
  const kinds: Kind[] = installed ? ['file', 'git', 'url'] : ['gallery', 'file', 'git', 'url']
  return (
    <div className="form">
      <p>{p('install.intro')}</p>
      {installed && installed.current.source.kind !== 'file' && <LookAgain installed={installed} inspect={() => inspect()} />}
      <RadioCards
        label={p('source.label')}
        value={kind}
        onChange={setKind}
        options={kinds.map((value) => ({ value, label: p(`source.${value}`), detail: p(`source.${value}.detail`) }))}
      />
      {kind === 'gallery' ? <GalleryList inspect={inspect} /> : <SourceForm key={kind} kind={kind} inspect={inspect} />}
    </div>
  )
}

/** Where it came from may have a newer one. */
function LookAgain({ installed, inspect }: { installed: AgentPackage; inspect: () => Promise<void> }) {
  const [isPending, setPending] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  async function look() {
    setPending(true)
    setError(null)
    try {
      await inspect()
    } catch (thrown) {
      setError(toApiError(thrown))
      setPending(false)
    }
  }
  return (
    <div className="form">
      <FormSummary form={{ error, problems: error?.issues.map(({ message }) => message) ?? [] }} />
      <p className="field-help">{sourceWords(installed.current.source)}</p>
      <div>
        <Button variant="primary" isPending={isPending} onClick={() => void look()}>
          {p('look.again')}
        </Button>
      </div>
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { AppScope } from '../../../contract/app-choices.ts'
import type { AppRequest } from '../../../contract/apps.ts'
import { api, query } from '../../api.ts'
import { toApiError } from '../../errors.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, SelectField } from '../../ui/field.tsx'
import { Loading, Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { EntryPage } from '../people/entry-page.tsx'
import { useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { askedQuery } from './asked.ts'
import '../../ui/form.css'
import './authorize.css'
import { a } from './strings.ts'

/** A program has sent the person here: what it asks for, and their word on it. Nothing happens without a press. */
export function Authorize() {
  const asked = askedQuery ?? ''
  const request = useQuery({
    ...query.apps.request.queryOptions({ input: { query: asked } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  if (request.data) return <Ask request={request.data} asked={asked} />
  if (request.isError) {
    return (
      <EntryPage title={a('ask.wrong')} foot={<Link to="/">{a('ask.home')}</Link>}>
        <ErrorState
          error={request.error}
          {...(toApiError(request.error).code.startsWith('app.') ? {} : { onRetry: () => void request.refetch() })}
        />
      </EntryPage>
    )
  }
  return (
    <EntryPage title={a('ask.loading')}>
      <Loading>
        <div className="authorize-skeleton">
          <Skeleton height="4rem" />
          <Skeleton width="60%" />
          <Skeleton width="70%" />
          <Skeleton width="50%" />
        </div>
      </Loading>
    </EntryPage>
  )
}

function Ask({ request, asked }: { request: AppRequest; asked: string }) {
  const me = useMe()
  const here = useWorkspace()
  const [workspaceId, setWorkspaceId] = useState<string>(here.id)
  // To answer for the person is nothing that comes along unnoticed.
  const [scopes, setScopes] = useState<AppScope[]>(request.scopes.filter((scope) => scope !== 'tools:decide'))
  const [pending, setPending] = useState<'allow' | 'deny' | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [address, setAddress] = useState<string | null>(null)
  const { name, kind, returnsTo, publishedBy } = request

  async function decide(decision: 'allow' | 'deny') {
    if (pending !== null) return
    setPending(decision)
    setError(null)
    try {
      const workspace = me.workspaces.find(({ id }) => id === workspaceId) ?? here
      const { url } = await api.apps.decide({ query: asked, grant: decision === 'allow' ? { workspaceId: workspace.id, scopes } : null })
      setAddress(url)
      window.location.assign(url)
    } catch (thrown) {
      setError(thrown)
      setPending(null)
    }
  }

  if (address !== null) {
    return (
      <EntryPage title={a('ask.sent', { name })}>
        <p role="status">{a('ask.sent.text')}</p>
        <Button onClick={() => window.location.assign(address)}>{a('ask.sent.open')}</Button>
      </EntryPage>
    )
  }
  return (
    <EntryPage title={a('ask.title', { name })} foot={a('ask.you', { name: me.email.endsWith('.invalid') ? me.name : me.email })}>
      <Notice tone={publishedBy === null ? 'warning' : 'plain'} icon={publishedBy === null ? TriangleAlert : CircleAlert}>
        {publishedBy === null ? a('ask.unverified') : a('ask.published', { host: publishedBy })}{' '}
        <strong className="authorize-returns">{a(`ask.returns.${kind}`, { to: returnsTo })}</strong>
      </Notice>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void decide('allow')
        }}
      >
        <fieldset className="fieldset">
          <legend className="field-label">{a('ask.scopes')}</legend>
          {request.scopes.map((scope) => (
            <Checkbox
              key={scope}
              label={a(`scope.${scope}`)}
              help={scope === 'tools:decide' ? a('scope.tools:decide.help') : undefined}
              isChecked={scopes.includes(scope)}
              onChange={(isChecked) => setScopes(request.scopes.filter((one) => (one === scope ? isChecked : scopes.includes(one))))}
            />
          ))}
        </fieldset>
        {me.workspaces.length > 1 && (
          <SelectField
            label={a('ask.workspace')}
            help={a('ask.workspace.help')}
            value={workspaceId}
            onChange={setWorkspaceId}
            options={me.workspaces.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
        {scopes.length === 0 && (
          <Notice tone="danger" icon={TriangleAlert} isAlert>
            {a('ask.scopes.missing')}
          </Notice>
        )}
        {error !== null && <ErrorState error={error} kept={a('ask.failed')} />}
        <div className="authorize-buttons">
          <Button type="submit" variant="primary" isPending={pending === 'allow'} aria-disabled={scopes.length === 0 || undefined}>
            {a('ask.allow')}
          </Button>
          <Button isPending={pending === 'deny'} onClick={() => void decide('deny')}>
            {a('ask.cancel')}
          </Button>
        </div>
        <p className="field-help">{a('ask.ends')}</p>
      </form>
    </EntryPage>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import type { Page } from '../../../contract/pages.ts'
import { api, query } from '../../api.ts'
import { TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { slugOf } from './addresses.ts'
import { s } from './strings.ts'

export function CreatePage({ workspaceId, workspaceName }: { workspaceId: Page['workspaceId']; workspaceName: string }) {
  const client = useQueryClient()
  const form = useForm({
    initial: { displayName: '', slug: '' },
    check: ({ displayName, slug }) => ({
      ...(displayName.trim() === '' && { displayName: s('name.missing') }),
      ...(slug.trim() === '' && { slug: s('slug.missing') }),
    }),
    submit: async ({ displayName, slug }) => {
      const page = await api.pages.create({ workspaceId, displayName, slug })
      client.setQueryData(query.pages.list.queryKey(), (all) => [...(all ?? []), page])
    },
  })
  const { displayName, slug } = form.values

  return (
    <SettingsSection title={s('create.title', { workspace: workspaceName })} intro={s('create.text')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={s('name')}
          maxLength={255}
          value={displayName}
          // The address follows the name until somebody has written one.
          onChange={(name) => form.set({ displayName: name, ...(slug === slugOf(displayName) && { slug: slugOf(name) }) })}
          error={form.errorOf('displayName')}
        />
        <TextField
          label={s('slug')}
          help={s('slug.help', { address: `${location.host}/@${slug || '…'}` })}
          maxLength={40}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={slug}
          onChange={(next) => form.set({ slug: next })}
          error={form.errorOf('slug')}
        />
        <FormFooter form={form} label={s('create.submit')} />
      </form>
    </SettingsSection>
  )
}

import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import type { Page } from '../../../contract/pages.ts'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { useSavePage } from './page-queries.ts'
import { s } from './strings.ts'

/** Where it stands, whether anybody can see it, and how to change both. */
export function PublishSection({ page }: { page: Page }) {
  const savePage = useSavePage()
  const [isPending, setPending] = useState(false)
  const { isPublished, slug } = page

  async function publish() {
    setPending(true)
    try {
      savePage(await api.pages.update({ pageId: page.id, isPublished: !isPublished }))
      showToast({ title: s(isPublished ? 'public.withdrawn' : 'public.published') })
    } catch (error) {
      showError(error, s('public.failed'))
    } finally {
      setPending(false)
    }
  }

  return (
    <section className="publish" aria-label={s('public.title')}>
      <div className="publish-state">
        <div className="publish-words">
          <span className="status" data-tone={isPublished ? 'success' : 'plain'}>
            {s(isPublished ? 'public.on' : 'public.off')}
          </span>
          {isPublished ? (
            <a className="publish-address" href={`/@${slug}`} target="_blank" rel="noopener">
              {location.host}/@{slug}
              <ExternalLink size={14} strokeWidth={1.75} aria-label={s('public.open')} />
            </a>
          ) : (
            <span className="publish-address">
              {location.host}/@{slug}
            </span>
          )}
          <p className="field-help">{s(isPublished ? 'public.on.text' : 'public.off.text')}</p>
        </div>
        {page.may.share && (
          <Button variant={isPublished ? 'secondary' : 'primary'} isPending={isPending} onClick={() => void publish()}>
            {s(isPublished ? 'public.withdraw' : 'public.publish')}
          </Button>
        )}
      </div>
      {page.may.share && <SlugForm page={page} />}
    </section>
  )
}

function SlugForm({ page }: { page: Page }) {
  const savePage = useSavePage()
  const form = useForm({
    initial: { slug: page.slug },
    check: ({ slug }) => (slug.trim() === '' ? { slug: s('slug.missing') } : {}),
    submit: async ({ slug }) => savePage(await api.pages.update({ pageId: page.id, slug })),
  })
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <TextField
        label={s('slug')}
        help={s('public.slug.help')}
        maxLength={40}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        value={form.values.slug}
        onChange={(slug) => form.set({ slug })}
        error={form.errorOf('slug')}
      />
      {(form.isDirty || form.isSaved) && <FormFooter form={form} label={s('public.slug.save')} />}
    </form>
  )
}

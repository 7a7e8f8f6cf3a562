import type { PageIcon } from '../../../contract/page-choices.ts'
import type { Page, PageLink } from '../../../contract/pages.ts'
import { api } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { withScheme } from './addresses.ts'
import { IconChoice } from './icon-choice.tsx'
import { s } from './strings.ts'

interface Props {
  pageId: Page['id']
  /** Null: a new one. */
  link: PageLink | null
  onClose: () => void
  onSaved: (link: PageLink) => void
}

interface Values {
  title: string
  url: string
  description: string
  icon: PageIcon
  isActive: boolean
}

export function LinkDialog({ pageId, link, onClose, onSaved }: Props) {
  const form = useForm<Values>({
    initial: {
      title: link?.title ?? '',
      url: link?.url ?? '',
      description: link?.description ?? '',
      icon: link?.icon ?? 'link',
      isActive: link?.isActive ?? true,
    },
    check: ({ title, url }) => ({
      ...(title.trim() === '' && { title: s('link.title.missing') }),
      ...(url.trim() === '' && { url: s('link.url.missing') }),
    }),
    submit: async (values) => {
      const input = { ...values, url: withScheme(values.url), pageId }
      const saved = link ? await api.pageLinks.update({ ...input, linkId: link.id }) : await api.pageLinks.create(input)
      onSaved(saved)
      showToast({ title: s('links.saved', { name: saved.title }) })
      onClose()
    },
  })
  const { values, set, errorOf } = form

  return (
    <Dialog open onOpenChange={onClose} title={link ? s('links.edit.title') : s('links.add')} width="m">
      <form className="form page-dialog" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={s('link.title')}
          maxLength={255}
          value={values.title}
          onChange={(title) => set({ title })}
          error={errorOf('title')}
        />
        <TextField
          label={s('link.url')}
          help={s('link.url.help')}
          inputMode="url"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={2048}
          value={values.url}
          onChange={(url) => set({ url })}
          error={errorOf('url')}
        />
        <TextField
          label={s('link.description')}
          hint={t('ui.optional')}
          maxLength={500}
          value={values.description}
          onChange={(description) => set({ description })}
          error={errorOf('description')}
        />
        <IconChoice value={values.icon} onChange={(icon) => set({ icon })} />
        <Checkbox label={s('link.shown')} isChecked={values.isActive} onChange={(isActive) => set({ isActive })} />
        <FormFooter form={form} />
      </form>
    </Dialog>
  )
}

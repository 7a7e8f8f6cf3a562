import type { Page, PageFaq } from '../../../contract/pages.ts'
import { api } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { s } from './strings.ts'

interface Props {
  pageId: Page['id']
  /** Null: a new one. */
  entry: PageFaq | null
  /** What a new one begins with. */
  question?: string
  onClose: () => void
  onSaved: (entry: PageFaq) => void
}

export function FaqDialog({ pageId, entry, question: asked = '', onClose, onSaved }: Props) {
  const form = useForm({
    initial: {
      question: entry?.question ?? asked,
      answer: entry?.answer ?? '',
      category: entry?.category ?? '',
      isActive: entry?.isActive ?? true,
    },
    check: ({ question, answer }) => ({
      ...(question.trim() === '' && { question: s('faq.question.missing') }),
      ...(answer.trim() === '' && { answer: s('faq.answer.missing') }),
    }),
    submit: async (values) => {
      const input = { ...values, pageId }
      const saved = entry ? await api.pageFaq.update({ ...input, faqId: entry.id }) : await api.pageFaq.create(input)
      onSaved(saved)
      showToast({ title: s('links.saved', { name: saved.question }) })
      onClose()
    },
  })
  const { values, set, errorOf } = form

  return (
    <Dialog open onOpenChange={onClose} title={entry ? s('faq.edit.title') : s('faq.add')} width="m">
      <form className="form page-dialog" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={s('faq.question')}
          maxLength={500}
          value={values.question}
          onChange={(question) => set({ question })}
          error={errorOf('question')}
        />
        <TextAreaField
          label={s('faq.answer')}
          help={s('bio.help')}
          rows={5}
          maxLength={8000}
          value={values.answer}
          onChange={(answer) => set({ answer })}
          error={errorOf('answer')}
        />
        <TextField
          label={s('faq.category')}
          hint={t('ui.optional')}
          maxLength={100}
          value={values.category}
          onChange={(category) => set({ category })}
          error={errorOf('category')}
        />
        <Checkbox label={s('link.shown')} isChecked={values.isActive} onChange={(isActive) => set({ isActive })} />
        <FormFooter form={form} />
      </form>
    </Dialog>
  )
}

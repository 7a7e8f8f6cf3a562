import { useQueryClient } from '@tanstack/react-query'
import type { Model } from '../../../contract/models.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { decimalPerMillion, parsePerMillion } from './price.ts'
import { m } from './strings.ts'

const kinds = ['input', 'output', 'reasoning', 'cacheRead', 'cacheWrite'] as const
type Kind = (typeof kinds)[number]

export function PriceDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: query.models.key() })
  const form = useForm<Record<Kind, string>>({
    initial: {
      input: decimalPerMillion(model.price.inputPer1k),
      output: decimalPerMillion(model.price.outputPer1k),
      reasoning: decimalPerMillion(model.price.reasoningPer1k),
      cacheRead: decimalPerMillion(model.price.cacheReadPer1k),
      cacheWrite: decimalPerMillion(model.price.cacheWritePer1k),
    },
    check: (values) =>
      Object.fromEntries(kinds.filter((kind) => parsePerMillion(values[kind]) === undefined).map((kind) => [kind, m('override.bad')])),
    submit: async (values) => {
      const of = (kind: Kind) => parsePerMillion(values[kind]) ?? null
      await api.models.override({
        id: model.id,
        price: {
          inputPer1k: of('input'),
          outputPer1k: of('output'),
          reasoningPer1k: of('reasoning'),
          cacheReadPer1k: of('cacheRead'),
          cacheWritePer1k: of('cacheWrite'),
        },
      })
      await refresh()
      showToast({ title: m('override.done', { name: model.name }) })
      onClose()
    },
  })

  async function takeBack() {
    try {
      await api.models.override({ id: model.id, price: null })
      await refresh()
      showToast({ title: m('override.taken_back', { name: model.name }) })
      onClose()
    } catch (error) {
      showError(error)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={m('override.title', { name: model.name })}
      description={m('override.text')}
    >
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <div className="form-row">
          {kinds.map((kind) => (
            <TextField
              key={kind}
              label={m(`override.${kind}`)}
              inputMode="decimal"
              autoComplete="off"
              placeholder={m('price.unknown')}
              value={form.values[kind]}
              onChange={(value) => form.set({ [kind]: value })}
              error={form.errorOf(kind)}
            />
          ))}
        </div>
        <div className="dialog-footer">
          {model.price.origin === 'admin' && (
            <Button variant="quiet" onClick={() => void takeBack()}>
              {m('override.take_back')}
            </Button>
          )}
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {m('override.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

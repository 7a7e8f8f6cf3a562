import { Globe, X } from 'lucide-react'
import { useId, useRef } from 'react'
import type { Bot } from '../../../../contract/bots.ts'
import { botLimits } from '../../../../contract/page-choices.ts'
import type { Page } from '../../../../contract/pages.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Field, TextField } from '../../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../../ui/form.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { RowList } from '../../../ui/row-list.tsx'
import { showError, showToast } from '../../../ui/toast.tsx'
import { SettingsSection } from '../../settings/settings-page.tsx'
import { useChangeBot } from './bot-queries.ts'
import { originOf } from './origin-of.ts'
import { b } from './strings.ts'
import { useWanted } from './use-wanted.ts'

/** The line for other sites, and which of them may use it. */
export function WidgetSection({ page, bot }: { page: Page; bot: Bot }) {
  const change = useChangeBot(page.id)
  const [origins, want] = useWanted(bot.allowedOrigins, (allowedOrigins: string[]) => change({ allowedOrigins }))
  const list = useRef<HTMLDivElement>(null)
  const title = useId()
  const snippet = `<script src="${location.origin}/widget.js" data-page="${page.slug}" async></script>`
  const { update: mayUpdate, share: mayShare } = page.may

  async function remove(origin: string) {
    list.current?.focus()
    try {
      await want(origins.filter((one) => one !== origin))
      showToast({ title: b('widget.removed', { origin }) })
    } catch (error) {
      showError(error, b('widget.failed'))
    }
  }

  return (
    <SettingsSection title={b('widget.title')} intro={b('widget.intro')}>
      <Field label={b('widget.snippet')}>
        {(wiring) => (
          <div className="bot-snippet">
            <textarea {...wiring} className="input mono" rows={2} readOnly value={snippet} onFocus={(event) => event.target.select()} />
            <CopyButton text={snippet} />
          </div>
        )}
      </Field>
      <div ref={list} className="bot-list" role="group" aria-labelledby={title} tabIndex={-1}>
        <h3 id={title} className="field-label">
          {b('widget.origins')}
        </h3>
        {origins.length === 0 ? (
          <p className="field-help">{b('widget.none')}</p>
        ) : (
          <RowList
            rows={origins.map((origin) => ({
              key: origin,
              icon: Globe,
              title: origin,
              actions: mayShare && (
                <IconButton icon={X} size="s" label={b('widget.remove', { origin })} onClick={() => void remove(origin)} />
              ),
            }))}
          />
        )}
        {mayShare && origins.length < botLimits.origins && <AddOrigin origins={origins} want={want} />}
        {mayShare && origins.length >= botLimits.origins && <p className="field-help">{b('widget.full', { count: botLimits.origins })}</p>}
        {mayUpdate && !mayShare && <p className="field-help">{b('widget.share')}</p>}
      </div>
    </SettingsSection>
  )
}

function AddOrigin({ origins, want }: { origins: readonly string[]; want: (origins: string[]) => Promise<void> }) {
  const form = useForm({
    initial: { origin: '' },
    check: ({ origin: typed }) => {
      const origin = originOf(typed)
      if (origin === undefined) return { origin: b('widget.origin.bad') }
      return origins.includes(origin) ? { origin: b('widget.origin.known') } : {}
    },
    submit: ({ origin }) => want([...origins, originOf(origin) ?? origin]),
  })
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <TextField
        label={b('widget.origin')}
        help={b('widget.origin.help')}
        inputMode="url"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        maxLength={300}
        value={form.values.origin}
        onChange={(origin) => form.set({ origin })}
        error={form.errorOf('origin')}
      />
      <FormFooter form={form} label={b('widget.add')} />
    </form>
  )
}

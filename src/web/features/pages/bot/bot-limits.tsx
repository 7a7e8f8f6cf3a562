import { TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import type { Bot } from '../../../../contract/bots.ts'
import type { Page } from '../../../../contract/pages.ts'
import { TextField } from '../../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../../ui/form.tsx'
import { Notice } from '../../../ui/states.tsx'
import { SettingsSection } from '../../settings/settings-page.tsx'
import '../../workspaces/budget-settings.css'
import { parseParameter, rangeOf } from '../../workspaces/parameters.ts'
import { useChangeBot } from './bot-queries.ts'
import { ranges } from './ranges.ts'
import { b } from './strings.ts'
import { changesOf } from './use-bot-form.ts'

const fields = ['visitorDailyLimit', 'dailyLimit', 'visitMinutes'] as const
type Field = (typeof fields)[number]

const numberOf = (field: Field, text: string) => parseParameter(ranges[field], text) ?? undefined

/** How much strangers may ask, and what of that today has used. */
export function BotLimits({ page, bot }: { page: Page; bot: Bot }) {
  const change = useChangeBot(page.id)
  const reason = useId()
  const { update: mayUpdate, share: mayShare } = page.may
  const form = useForm<Record<Field, string>>({
    draftKey: `bot limits ${page.id}`,
    initial: {
      visitorDailyLimit: String(bot.visitorDailyLimit),
      dailyLimit: String(bot.dailyLimit),
      visitMinutes: String(bot.visitMinutes),
    },
    check: (values) =>
      Object.fromEntries(
        fields.filter((field) => numberOf(field, values[field]) === undefined).map((field) => [field, rangeOf(ranges[field])]),
      ),
    submit: (values) => change(changesOf(bot, Object.fromEntries(fields.map((field) => [field, numberOf(field, values[field])])))),
  })
  const number = (field: Field) => ({
    inputMode: 'numeric' as const,
    autoComplete: 'off',
    value: form.values[field],
    onChange: (value: string) => form.set({ [field]: value }),
    error: form.errorOf(field),
  })

  return (
    <SettingsSection title={b('limits.title')} intro={b('limits.intro')}>
      <Today bot={bot} />
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <div className="bot-limits">
          <fieldset
            className="page-fields form-row"
            disabled={!mayShare}
            aria-label={b('limits.title')}
            aria-describedby={mayUpdate && !mayShare ? reason : undefined}
          >
            <TextField label={b('limits.visitor')} {...number('visitorDailyLimit')} />
            <TextField label={b('limits.daily')} help={b('limits.zero')} {...number('dailyLimit')} />
          </fieldset>
          {mayUpdate && !mayShare && (
            <p className="field-help" id={reason}>
              {b('limits.share')}
            </p>
          )}
          <fieldset className="page-fields form-row" disabled={!mayUpdate}>
            <TextField label={b('limits.minutes')} help={b('limits.minutes.help')} {...number('visitMinutes')} />
          </fieldset>
        </div>
        {mayUpdate && <FormFooter form={form} />}
      </form>
    </SettingsSection>
  )
}

function Today({ bot: { answersToday, dailyLimit } }: { bot: Bot }) {
  const isUsedUp = dailyLimit > 0 && answersToday >= dailyLimit
  return (
    <div className="budget">
      <meter
        aria-label={b('limits.meter')}
        min={0}
        max={Math.max(dailyLimit, 1)}
        value={Math.min(answersToday, dailyLimit)}
        data-full={isUsedUp || undefined}
      />
      <p className="numeric">{b('limits.today', { answers: answersToday, limit: dailyLimit })}</p>
      {isUsedUp && (
        <Notice tone="warning" icon={TriangleAlert}>
          {b('limits.used_up')}
        </Notice>
      )}
    </div>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Conversation } from '../../../contract/conversations.ts'
import type { ConversationSettings } from '../../../contract/conversation-settings.ts'
import { api, query } from '../../api.ts'
import { errorOfNotice } from '../../errors.ts'
import { putConversation } from '../../shell/conversation-cache.ts'
import { t } from '../../strings/index.ts'
import { formatUsd, nanoToDecimal, parseUsd } from '../../strings/format.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { webSearches } from '../../../contract/web-search.ts'
import { searchName } from './composer/search-name.ts'
import { ToolPermissions } from './tool-permissions.tsx'
import { parameters as allParameters, parseParameter, rangeOf } from '../workspaces/parameters.ts'

const names = ['temperature', 'maxTokens', 'topP'] as const
const parameters = names.map((name) => ({ ...allParameters.find((one) => one.name === name)!, name }))

interface Props {
  conversation: Conversation
  onClose: () => void
}

/** What this conversation sets for itself, and what counts where it sets nothing. */
export function SettingsDialog({ conversation, onClose }: Props) {
  const settings = useQuery(query.conversations.getSettings.queryOptions({ input: { id: conversation.id }, staleTime: 0 }))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="m"
      title={t('conversation.settings')}
      description={t('conversation.settings.help')}
    >
      {settings.data ? (
        <SettingsForm conversation={conversation} settings={settings.data} />
      ) : settings.error ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
      ) : (
        <Skeleton width="100%" height="20rem" />
      )}
    </Dialog>
  )
}

function SettingsForm({ conversation, settings }: { conversation: Conversation; settings: ConversationSettings }) {
  const { id, workspaceId } = conversation
  const { effective, inherited, model, key, problem, thinkingLevels: levels, searches, spent } = settings
  const client = useQueryClient()
  const connections = useQuery(query.connections.list.queryOptions({ input: { workspaceId } }))
  // Keys of another provider could not pay; a chosen one is always shown, so that it can be taken back.
  const payers = (connections.data ?? []).filter((one) => one.provider === model?.provider || one.id === conversation.connectionId)
  const own = (name: keyof typeof effective) => {
    const setting = effective[name]
    return setting?.origin === 'conversation' ? String(setting.value) : ''
  }
  const form = useForm({
    draftKey: `conversation ${id}`,
    initial: {
      systemPrompt: own('systemPrompt'),
      temperature: own('temperature'),
      maxTokens: own('maxTokens'),
      topP: own('topP'),
      thinking: own('thinking'),
      webSearch: own('webSearch'),
      connectionId: conversation.connectionId ?? '',
      showsUsage: conversation.showsUsage,
      alert: conversation.usageAlertNanoUsd === null ? '' : nanoToDecimal(conversation.usageAlertNanoUsd),
    },
    check: (values) => ({
      ...Object.fromEntries(
        parameters.filter((one) => parseParameter(one, values[one.name]) === undefined).map((one) => [one.name, rangeOf(one)]),
      ),
      ...(amountOf(values.alert) === undefined && { alert: t('conversation.settings.alert.wrong') }),
    }),
    submit: async (values) => {
      const connectionId = payers.find((one) => one.id === values.connectionId)?.id ?? null
      const change = { connectionId, showsUsage: values.showsUsage, usageAlertNanoUsd: amountOf(values.alert) ?? null }
      if (Object.entries(change).some(([name, value]) => conversation[name as keyof typeof change] !== value))
        putConversation(client, await api.conversations.update({ id, ...change }))
      const [temperature, maxTokens, topP] = parameters.map((one) => parseParameter(one, values[one.name]) ?? null)
      const systemPrompt = values.systemPrompt.trim() === '' ? null : values.systemPrompt
      const saved = await api.conversations.updateSettings({
        id,
        systemPrompt,
        temperature: temperature ?? null,
        maxTokens: maxTokens ?? null,
        topP: topP ?? null,
        // What cannot be told now is kept for the model that can.
        ...(searches.length > 0 && { webSearch: webSearches.find((one) => one === values.webSearch) ?? null }),
        ...(levels.length > 0 && { thinking: levels.find((level) => level === values.thinking) ?? null }),
      })
      client.setQueryData(query.conversations.getSettings.queryKey({ input: { id } }), saved)
    },
  })
  const { values, set, errorOf } = form
  /** What counts when the field is empty, and who says so. */
  const otherwise = (name: keyof typeof inherited) => {
    const setting = inherited[name]
    if (!setting) return t('conversation.settings.unset')
    return t('conversation.settings.inherited', {
      value: shorten(String(setting.value)),
      origin: t(`conversation.origin.${setting.origin}`),
    })
  }

  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      {problem && <Notice tone="warning">{errorOfNotice(problem).message}</Notice>}
      {model && (
        <p className="settings-model">
          {t('conversation.settings.model', { name: model.name, origin: t(`conversation.origin.${model.origin}`) })}
        </p>
      )}
      <SelectField
        label={t('conversation.settings.key')}
        help={key ? t('conversation.settings.key.now', { name: key.name, key: t(`conversation.key.${key.origin}`) }) : undefined}
        error={errorOf('connectionId')}
        value={values.connectionId}
        onChange={(connectionId) => set({ connectionId })}
        options={[
          { value: '', label: t('conversation.settings.key.usual') },
          ...payers.map((one) => ({ value: one.id as string, label: one.keyLast4 ? `${one.name} (…${one.keyLast4})` : one.name })),
        ]}
      />
      <TextAreaField
        label={t('conversation.settings.prompt')}
        help={otherwise('systemPrompt')}
        rows={4}
        maxLength={100_000}
        value={values.systemPrompt}
        onChange={(systemPrompt) => set({ systemPrompt })}
        error={errorOf('systemPrompt')}
      />
      {levels.length > 0 && (
        <SelectField
          label={t('conversation.settings.thinking')}
          help={t('conversation.settings.thinking.help')}
          error={errorOf('thinking')}
          value={values.thinking}
          onChange={(thinking) => set({ thinking })}
          options={[
            {
              value: '',
              label: inherited.thinking
                ? t('conversation.settings.thinking.inherited', {
                    level: t(`conversation.thinking.${inherited.thinking.value}`),
                    origin: t(`conversation.origin.${inherited.thinking.origin}`),
                  })
                : t('conversation.settings.thinking.model'),
            },
            ...levels.map((level) => ({ value: level, label: t(`conversation.thinking.${level}`) })),
          ]}
        />
      )}
      {searches.length > 0 && (
        <SelectField
          label={t('conversation.search')}
          help={t('conversation.search.help')}
          error={errorOf('webSearch')}
          value={values.webSearch}
          onChange={(webSearch) => set({ webSearch })}
          options={[
            {
              value: '',
              label: inherited.webSearch
                ? t('conversation.search.inherited', {
                    search: searchName(inherited.webSearch.value, model?.provider),
                    origin: t(`conversation.origin.${inherited.webSearch.origin}`),
                  })
                : t('conversation.settings.unset'),
            },
            ...(['off', ...searches] as const).map((value) => ({ value, label: searchName(value, model?.provider) })),
          ]}
        />
      )}
      <div className="form-row">
        {names.map((name) => (
          <TextField
            key={name}
            label={t(`conversation.settings.${name}`)}
            help={otherwise(name)}
            inputMode="decimal"
            autoComplete="off"
            placeholder={inherited[name] ? String(inherited[name].value) : ''}
            value={values[name]}
            onChange={(value) => set({ [name]: value })}
            error={errorOf(name)}
          />
        ))}
      </div>
      <Checkbox
        label={t('conversation.settings.showsUsage')}
        help={t('conversation.settings.showsUsage.help')}
        isChecked={values.showsUsage}
        onChange={(showsUsage) => set({ showsUsage })}
      />
      <TextField
        label={t('conversation.settings.alert')}
        help={t(spent.isAtLeast ? 'conversation.settings.spent.at_least' : 'conversation.settings.spent', {
          cost: formatUsd(spent.costNanoUsd),
        })}
        inputMode="decimal"
        autoComplete="off"
        value={values.alert}
        onChange={(alert) => set({ alert })}
        error={errorOf('alert')}
      />
      <fieldset className="fieldset">
        <legend>{t('conversation.tools')}</legend>
        <ToolPermissions conversationId={id} />
      </fieldset>
      <FormFooter form={form} />
    </form>
  )
}

/** Nano-dollars; null for nothing typed, undefined for what is no amount above zero. */
function amountOf(typed: string): string | null | undefined {
  if (typed.trim() === '') return null
  const amount = parseUsd(typed)
  return amount === '0' ? undefined : amount
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)

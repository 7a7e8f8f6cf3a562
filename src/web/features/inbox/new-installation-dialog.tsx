import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Installation, Platform } from '../../../contract/channels.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import '../people/new-api-key-dialog.css'
import { i } from './strings.ts'

const platforms = ['webhook', 'telegram'] as const satisfies readonly Platform[]

export function NewInstallationDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const { id: workspaceId } = useWorkspace()
  const models = useQuery(query.models.list.queryOptions({ input: { workspaceId } }))
  const chatModels = models.data?.models.filter((model) => model.kind === 'chat') ?? []
  const [made, setMade] = useState<{ installation: Installation; secret: string | null } | null>(null)
  const form = useForm({
    initial: { name: '', platform: 'webhook' as Platform, replyUrl: '', botToken: '', modelId: '', systemPrompt: '' },
    check: ({ name, platform, replyUrl, botToken }) => ({
      ...(name.trim() === '' && { name: i('form.name.missing') }),
      ...(platform === 'webhook' && !/^https?:\/\/\S+$/.test(replyUrl.trim()) && { replyUrl: i('form.reply.bad') }),
      ...(platform === 'telegram' && !/^\d+:[\w-]+$/.test(botToken.trim()) && { botToken: i('form.token.bad') }),
    }),
    submit: async ({ name, platform, replyUrl, botToken, modelId, systemPrompt }) => {
      const result = await api.installations.create({
        workspaceId,
        name,
        settings: platform === 'webhook' ? { platform, replyUrl: replyUrl.trim() } : { platform, botToken: botToken.trim() },
        modelId: chatModels.find((model) => model.id === modelId)?.id ?? null,
        systemPrompt: systemPrompt.trim() === '' ? null : systemPrompt,
      })
      void client.invalidateQueries({ queryKey: query.installations.key() })
      setMade(result)
    },
  })
  const { values, set, errorOf } = form

  if (made) return <Made {...made} onClose={onClose} />
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={i('settings.new')} width="m">
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={i('form.name')}
          value={values.name}
          maxLength={100}
          autoComplete="off"
          onChange={(name) => set({ name })}
          error={errorOf('name')}
        />
        <SelectField
          label={i('form.platform')}
          value={values.platform}
          onChange={(platform) => set({ platform })}
          options={platforms.map((value) => ({ value, label: i(`platform.${value}`) }))}
        />
        {values.platform === 'webhook' ? (
          <TextField
            label={i('form.reply')}
            help={i('form.reply.help')}
            type="url"
            autoComplete="off"
            value={values.replyUrl}
            onChange={(replyUrl) => set({ replyUrl })}
            error={errorOf('replyUrl')}
          />
        ) : (
          <TextField
            label={i('form.token')}
            help={i('form.token.help')}
            type="password"
            autoComplete="off"
            value={values.botToken}
            onChange={(botToken) => set({ botToken })}
            error={errorOf('botToken')}
          />
        )}
        <SelectField
          label={i('form.model')}
          value={values.modelId}
          onChange={(modelId) => set({ modelId })}
          options={[
            { value: '', label: i('form.model.default') },
            ...chatModels.map(({ id, name }) => ({ value: id as string, label: name })),
          ]}
        />
        <TextAreaField
          label={i('form.prompt')}
          help={i('form.prompt.help')}
          rows={3}
          maxLength={100_000}
          value={values.systemPrompt}
          onChange={(systemPrompt) => set({ systemPrompt })}
          error={errorOf('systemPrompt')}
        />
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {i('form.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Made({ installation, secret, onClose }: { installation: Installation; secret: string | null; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={i('made.title')}
      description={i(secret === null ? 'made.telegram' : 'made.text')}
      footer={
        <Button variant="primary" onClick={onClose}>
          {i('made.done')}
        </Button>
      }
    >
      {secret !== null && (
        <div className="form">
          <Copied label={i('made.url')} text={installation.hookUrl} />
          <Copied label={i('made.secret')} text={secret} />
        </div>
      )}
    </Dialog>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <Field label={label}>
      {(wiring) => (
        <div className="secret">
          <input {...wiring} className="input mono" readOnly value={text} onFocus={(event) => event.target.select()} />
          <CopyButton text={text} />
        </div>
      )}
    </Field>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Installation, Platform } from '../../../contract/channels.ts'
import type { AgentId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, SelectField, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { AgentField } from '../agents/agent-field.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import { i } from './strings.ts'

const platforms = ['webhook', 'telegram'] as const satisfies readonly Platform[]

export function NewInstallationDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const { id: workspaceId } = useWorkspace()
  const [made, setMade] = useState<{ installation: Installation; secret: string | null } | null>(null)
  const form = useForm({
    initial: {
      name: '',
      platform: 'webhook' as Platform,
      replyUrl: '',
      botToken: '',
      verifiesEmail: false,
      agentId: null as AgentId | null,
    },
    check: ({ name, platform, replyUrl, botToken }) => ({
      ...(name.trim() === '' && { name: i('form.name.missing') }),
      ...(platform === 'webhook' && !/^https?:\/\/\S+$/.test(replyUrl.trim()) && { replyUrl: i('form.reply.bad') }),
      ...(platform === 'telegram' && !/^\d+:[\w-]+$/.test(botToken.trim()) && { botToken: i('form.token.bad') }),
    }),
    submit: async ({ name, platform, replyUrl, verifiesEmail, botToken, agentId }) => {
      const result = await api.installations.create({
        workspaceId,
        name,
        settings: platform === 'webhook' ? { platform, replyUrl: replyUrl.trim(), verifiesEmail } : { platform, botToken: botToken.trim() },
        agentId,
      })
      void client.invalidateQueries({ queryKey: query.installations.key() })
      setMade(result)
    },
  })
  const { values, set, errorOf } = form

  if (made)
    return (
      <SecretDialog {...made} title={i('made.title')} text={i(made.secret === null ? 'made.telegram' : 'made.text')} onClose={onClose} />
    )
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
          options={platforms.map((value) => ({ value, label: i(`source.${value}`) }))}
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
        {values.platform === 'webhook' && (
          <Checkbox
            label={i('form.verifies')}
            help={i('form.verifies.help')}
            isChecked={values.verifiesEmail}
            onChange={(verifiesEmail) => set({ verifiesEmail })}
          />
        )}
        <AgentField
          label={i('form.agent')}
          help={i('form.agent.help')}
          workspaceId={workspaceId}
          value={values.agentId}
          onChange={(chosen) => set({ agentId: chosen })}
          error={errorOf('agentId')}
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

import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { maxPromptLength } from '../../../contract/prompt-text.ts'
import { api, query } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { showToast } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { PromptForm } from './prompt-form.tsx'
import { p, syntax } from './strings.ts'

/** Keeps a message as a prompt. */
export function SavePromptDialog({ text, onClose }: { text: string; onClose: () => void }) {
  const { id: workspaceId } = useWorkspace()
  const navigate = useNavigate()
  const client = useQueryClient()
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} width="m" title={p('save.title')} description={p('save.help', syntax)}>
      <PromptForm
        initial={{ name: nameFrom(text), content: text.slice(0, maxPromptLength), visibility: 'own' }}
        label={p('editor.create')}
        submit={async (fields) => {
          const { id, name } = await api.prompts.create({ workspaceId, ...fields })
          void client.invalidateQueries({ queryKey: query.prompts.list.key() })
          onClose()
          showToast({
            title: p('save.done', { name }),
            action: { label: p('save.open'), onPress: () => void navigate({ to: '/prompts/$promptId', params: { promptId: id } }) },
          })
        }}
      />
    </Dialog>
  )
}

/** The beginning of the first line, to be bettered. */
function nameFrom(text: string): string {
  const line = text
    .trim()
    .split('\n', 1)[0]!
    .replace(/^#+\s*/, '')
  return line.length <= 60 ? line : `${line.slice(0, 60).replace(/\s+\S*$/, '')}…`
}

import { useQueryClient } from '@tanstack/react-query'
import type { CustomTool, ToolPermission } from '../../../contract/custom-tools.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { showError } from '../../ui/toast.tsx'
import { PermissionSelect } from './permission-select.tsx'
import { c } from './strings.ts'
import './tools.css'
import { TryOperation } from './try-operation.tsx'

/** What each operation may, and a place to try them. */
export function OperationsDialog({ tool, onClose }: { tool: CustomTool; onClose: () => void }) {
  const client = useQueryClient()

  /** Shown at once; taken back where the server says no. */
  async function change(name: string, permission: ToolPermission) {
    const { queryKey } = query.customTools.list.queryOptions({ input: { workspaceId: tool.workspaceId } })
    await client.cancelQueries({ queryKey })
    client.setQueryData(queryKey, (list) =>
      list?.map((one) =>
        one.id === tool.id
          ? { ...one, operations: one.operations.map((operation) => (operation.name === name ? { ...operation, permission } : operation)) }
          : one,
      ),
    )
    try {
      await api.customTools.update({ id: tool.id, permissions: { [name]: permission } })
    } catch (error) {
      showError(error, c('permission.failed'))
    }
    await client.invalidateQueries({ queryKey })
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={c('operations.of', { name: tool.name })}
      width="m"
      footer={<Button onClick={onClose}>{t('ui.close')}</Button>}
    >
      <ul className="operation-list">
        {tool.operations.map(({ name, address, description, permission }) => (
          <li key={name} className="operation">
            <div>
              <p>
                <code>{address ?? `${tool.slug}__${name}`}</code>
              </p>
              <p className="field-help">{description}</p>
            </div>
            <PermissionSelect name={name} value={permission} onChange={(value) => void change(name, value)} />
          </li>
        ))}
      </ul>
      <TryOperation tool={tool} />
    </Dialog>
  )
}

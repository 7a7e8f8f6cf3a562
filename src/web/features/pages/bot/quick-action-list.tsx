import { useQueryClient } from '@tanstack/react-query'
import { MousePointerClick, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Bot, QuickAction } from '../../../../contract/bots.ts'
import { botLimits } from '../../../../contract/page-choices.ts'
import { query } from '../../../api.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { showError, showToast } from '../../../ui/toast.tsx'
import { SettingsSection } from '../../settings/settings-page.tsx'
import { RowMenu } from '../row-menu.tsx'
import { SortableList } from '../sortable-list.tsx'
import { useChangeBot } from './bot-queries.ts'
import { identified } from './identified.ts'
import { QuickActionDialog } from './quick-action-dialog.tsx'
import { b } from './strings.ts'
import { useWanted } from './use-wanted.ts'

export function QuickActionList({ bot, mayChange }: { bot: Bot; mayChange: boolean }) {
  const client = useQueryClient()
  const change = useChangeBot(bot.pageId)
  const [actions, want] = useWanted(bot.quickActions, (quickActions: QuickAction[]) => change({ quickActions }))
  /** The place of the one that is edited; past the end it is a new one. */
  const [editing, setEditing] = useState<number | null>(null)
  const list = useRef<HTMLDivElement>(null)
  const isRowGone = useRef(false)
  const rows = identified(actions)

  // The menu that had the focus goes with its row.
  useEffect(() => {
    if (isRowGone.current) list.current?.focus()
    isRowGone.current = false
  }, [actions])

  async function put(next: QuickAction[]): Promise<boolean> {
    try {
      await want(next)
      return true
    } catch (error) {
      showError(error, b('actions.failed'))
      return false
    }
  }

  async function putBack(action: QuickAction, at: number) {
    const now = client.getQueryData(query.bots.get.queryKey({ input: { pageId: bot.pageId } }))
    await put((now ?? bot).quickActions.toSpliced(at, 0, action))
  }

  async function remove(action: QuickAction, at: number) {
    isRowGone.current = true
    if (!(await put(actions.toSpliced(at, 1)))) return
    showToast({
      title: b('actions.removed', { name: action.label }),
      action: { label: t('ui.undo'), onPress: () => void putBack(action, at) },
    })
  }

  function detailOf(action: QuickAction) {
    if (action.kind === 'question') return b('actions.asks', { text: action.text })
    const shows = b('actions.shows', { tool: b(`tool.${action.tool}`) })
    return bot.enabledTools.includes(action.tool) ? shows : `${shows}. ${b('actions.tool_off')}`
  }

  const isFull = actions.length >= botLimits.quickActions
  const add = mayChange && !isFull && (
    <Button icon={Plus} onClick={() => setEditing(actions.length)}>
      {b('actions.add')}
    </Button>
  )
  return (
    <SettingsSection title={b('actions.title')} intro={b('actions.intro')}>
      <div ref={list} className="bot-list" tabIndex={-1}>
        {actions.length === 0 ? (
          <EmptyState icon={MousePointerClick} title={b('actions.none')} action={add}>
            {b('actions.none.text')}
          </EmptyState>
        ) : (
          <>
            <SortableList
              mayChange={mayChange}
              onOrder={(ids) => void put(ids.flatMap((id) => rows.find((row) => row.id === id)?.action ?? []))}
              rows={rows.map(({ id, action }, at) => ({
                id,
                name: action.label,
                detail: detailOf(action),
                actions: <RowMenu name={action.label} onEdit={() => setEditing(at)} onDelete={() => void remove(action, at)} />,
              }))}
            />
            {add}
            {mayChange && isFull && <p className="field-help">{b('actions.full', { count: botLimits.quickActions })}</p>}
          </>
        )}
      </div>
      {editing !== null && (
        <QuickActionDialog
          action={actions[editing] ?? null}
          onClose={() => setEditing(null)}
          onSave={(action) => want(actions.toSpliced(editing, 1, action))}
        />
      )}
    </SettingsSection>
  )
}

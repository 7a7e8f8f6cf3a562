import { Columns2, CornerDownRight, Ellipsis, FileText, GitFork, Split, StepForward, TextQuote, Trash2, Volume2 } from 'lucide-react'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../../ui/menu.tsx'
import { readAloud, useHasVoices } from '../speech/reader.ts'
import { useCopy } from '../use-copy.ts'
import { useMessageActions } from './message-actions-context.ts'
import { textOf } from './message-text.ts'

/** What is done with a message now and then. */
export function MessageMenu({ message }: { message: Message }) {
  const actions = useMessageActions()
  const hasVoices = useHasVoices()
  const { copy } = useCopy()
  const isAnswer = message.role === 'assistant'
  const hasVersions = message.siblingIds.length > 1
  const hasText = message.parts.some((part) => part.type !== 'notice')
  return (
    <Menu trigger={<IconButton size="s" icon={Ellipsis} label={t('conversation.menu')} />}>
      {/* The menu gives the focus back to its button first; a dialog takes it afterwards. */}
      {isAnswer && message.parentId !== null && (
        <MenuItem icon={Split} onSelect={() => setTimeout(() => actions.askTwo(message))}>
          {t('conversation.two')}
        </MenuItem>
      )}
      {isAnswer && hasVersions && (
        <MenuItem icon={Columns2} onSelect={() => setTimeout(() => actions.compare(message))}>
          {t('conversation.compare')}
        </MenuItem>
      )}
      {isAnswer && hasText && (
        <MenuItem icon={StepForward} onSelect={() => actions.continueAnswer(message)}>
          {t('conversation.continue')}
        </MenuItem>
      )}
      {isAnswer && hasText && (
        <MenuItem icon={FileText} onSelect={() => copy(textOf(message.parts))}>
          {t('conversation.copy.markdown')}
        </MenuItem>
      )}
      {isAnswer && hasText && hasVoices && (
        <MenuItem icon={Volume2} onSelect={() => readAloud(message.id, textOf(message.parts))}>
          {t('conversation.aloud')}
        </MenuItem>
      )}
      {message.role === 'user' && (
        <MenuItem icon={TextQuote} onSelect={() => setTimeout(() => actions.savePrompt(message))}>
          {t('conversation.save_prompt')}
        </MenuItem>
      )}
      <MenuItem icon={CornerDownRight} onSelect={() => setTimeout(() => actions.askAside(message))}>
        {t('conversation.aside')}
      </MenuItem>
      <MenuItem icon={GitFork} onSelect={() => actions.fork(message)}>
        {t('conversation.fork')}
      </MenuItem>
      <MenuSeparator />
      {/* The message is gone then: the focus goes on after the menu has given it back. */}
      <MenuItem icon={Trash2} isDanger onSelect={() => setTimeout(() => actions.remove(message))}>
        {isAnswer ? t('conversation.delete.answer') : t('conversation.delete.question')}
      </MenuItem>
    </Menu>
  )
}

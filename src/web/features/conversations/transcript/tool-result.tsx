import { useState } from 'react'
import type { TurnId } from '../../../../contract/ids.ts'
import type { ToolCallPart } from '../../../../contract/messages.ts'
import { api } from '../../../api.ts'
import { formatNumber } from '../../../strings/format.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { showError } from '../../../ui/toast.tsx'
import { CodeBlock } from '../markdown/code-block.tsx'

interface Props {
  result: string
  whole: ToolCallPart['whole']
  turnId: TurnId | undefined
}

/** What a tool answered. A long one is read on piece by piece. */
export function ToolResult({ result, whole, turnId }: Props) {
  const [rest, setRest] = useState('')
  const [isReading, setReading] = useState(false)
  const shown = result.length + rest.length
  const isPart = whole !== undefined && shown < whole.length

  async function readOn(id: TurnId, resultId: string) {
    setReading(true)
    try {
      const { text } = await api.turns.readResult({ id, resultId, offset: shown })
      setRest(rest + text)
    } catch (error) {
      showError(error, t('conversation.tool.more.failed'))
    }
    setReading(false)
  }

  return (
    <>
      <CodeBlock language={languageOf(result)} text={result + rest} isClosed />
      {isPart && turnId !== undefined && (
        <div className="work-rest">
          <span className="numeric">{t('conversation.tool.part', { shown: formatNumber(shown), length: formatNumber(whole.length) })}</span>
          <Button size="s" isPending={isReading} onClick={() => void readOn(turnId, whole.id)}>
            {t('conversation.tool.more')}
          </Button>
        </div>
      )}
    </>
  )
}

function languageOf(text: string): string {
  return /^\s*[[{]/.test(text) ? 'json' : ''
}

import { useState } from 'react'
import type { McpServerId } from '../../../../../contract/ids.ts'
import { api } from '../../../../api.ts'
import { t } from '../../../../strings/index.ts'
import { Button } from '../../../../ui/button.tsx'
import { connectMark } from '../../../../connect-mark.ts'
import { showError } from '../../../../ui/toast.tsx'

/** Opens where the person connects in a tab of its own. The call hears by itself of what comes of it. */
export function ConnectChoices({ serverId, how }: { serverId: McpServerId; how: 'sign-in' | 'headers' }) {
  const [isLeaving, setLeaving] = useState(false)
  const settings = `/settings/tool-servers/${serverId}`
  if (how === 'headers')
    return (
      <a className="button" data-variant="primary" data-size="s" href={settings} target="_blank" rel="noopener">
        {t('conversation.question.connect.settings')}
      </a>
    )

  async function connect() {
    // Within the press, or the browser takes it for a pop-up.
    const tab = window.open('', '_blank')
    setLeaving(true)
    try {
      const { url } = await api.mcpServers.authorize({ id: serverId })
      if (!tab) return window.location.assign(url)
      tab.sessionStorage.setItem(connectMark, '1')
      tab.opener = null
      tab.location.replace(url)
    } catch (error) {
      tab?.close()
      showError(error, t('conversation.question.connect.failed'))
    } finally {
      setLeaving(false)
    }
  }
  return (
    <Button size="s" variant="primary" isPending={isLeaving} onClick={() => void connect()}>
      {t('conversation.question.connect.go')}
    </Button>
  )
}

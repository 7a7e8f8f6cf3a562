import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import { api, query } from '../../api.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { m } from './strings.ts'

/** Asks servers again, and says how it went. */
export function useTestServers(): { testing: ReadonlySet<string>; test: (server: McpServer) => Promise<void> } {
  const client = useQueryClient()
  const [testing, setTesting] = useState<ReadonlySet<string>>(new Set())
  async function test({ id, name }: McpServer) {
    setTesting((before) => new Set(before).add(id))
    try {
      const { status, toolCount, myCredential } = await api.mcpServers.test({ id })
      if (status === 'connected') showToast({ title: m('test.ready', { name, count: toolCount }) })
      else if (myCredential === 'missing') showToast({ title: m('test.failed', { name }), description: m('credential.missing') })
      // Why stands on the screen, where it stays.
      else showToast({ title: m('test.failed', { name }) })
      void client.invalidateQueries({ queryKey: query.mcpServers.key() })
    } catch (error) {
      showError(error, m('test.failed', { name }))
    } finally {
      setTesting((before) => new Set([...before].filter((one) => one !== id)))
    }
  }
  return { testing, test }
}

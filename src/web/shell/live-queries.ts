import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Import } from '../../contract/imports.ts'
import { query } from '../api.ts'
import { type LiveEvent, onUserEvent } from '../live.ts'
import { putImport } from '../features/transfer/import-cache.ts'
import { tellUsageAlert } from './tell-usage-alert.ts'
import { dropConversation, patchConversation, putConversation } from './conversation-cache.ts'

/** What an event means for what is cached. Another device, another tab and this one are told the same. */
export function applyUserEvent(client: QueryClient, event: LiveEvent): void {
  switch (event.type) {
    case 'conversation-changed':
      void client.invalidateQueries({ queryKey: query.conversations.listTags.key() })
      putConversation(client, event.conversation)
      void client.invalidateQueries({ queryKey: query.conversations.getSettings.key({ input: { id: event.conversation.id } }) })
      return
    case 'conversation-deleted':
      dropConversation(client, event.conversationId)
      void client.invalidateQueries({ queryKey: query.conversations.listTrash.key() })
      // Where it is being read, its screen finds out and says so.
      void client.invalidateQueries({ queryKey: query.conversations.get.key({ input: { id: event.conversationId } }) })
      return
    case 'turn-changed':
      return patchConversation(client, event.conversationId, { isAnswering: ['queued', 'running', 'waiting'].includes(event.state) })
    case 'feedback-changed':
      // Of a message; its transcript was told.
      return
    case 'highlights-changed':
      void client.invalidateQueries({ queryKey: query.highlights.key() })
      return
    case 'shares-changed':
      void client.invalidateQueries({ queryKey: query.shares.key() })
      return
    case 'usage-alert':
      return tellUsageAlert(event)
    case 'prompts-changed':
      void client.invalidateQueries({ queryKey: query.prompts.key() })
      return
    case 'agents-changed':
      void client.invalidateQueries({ queryKey: query.agents.key() })
      void client.invalidateQueries({ queryKey: query.agentRoles.key() })
      void client.invalidateQueries({ queryKey: query.agentPackages.list.key() })
      return
    case 'memories-changed':
      void client.invalidateQueries({ queryKey: query.memories.key() })
      return
    case 'import-changed':
      return applyImport(client, event.import)
    case 'import-deleted':
      void client.invalidateQueries({ queryKey: query.imports.list.key() })
      return
    case 'settings-changed':
      void client.invalidateQueries({ queryKey: query.people.me.key() })
      void client.invalidateQueries({ queryKey: query.workspaces.key() })
      void client.invalidateQueries({ queryKey: query.models.key() })
      return
    case 'connections-changed':
      void client.invalidateQueries({ queryKey: query.connections.key() })
      void client.invalidateQueries({ queryKey: query.models.key() })
      return
    case 'guardrails-changed':
      void client.invalidateQueries({ queryKey: query.guardrails.key() })
      return
    case 'custom-tools-changed':
      void client.invalidateQueries({ queryKey: query.customTools.key() })
      return
    case 'mcp-servers-changed':
      void client.invalidateQueries({ queryKey: query.mcpServers.key() })
      return
    case 'apps-changed':
      void client.invalidateQueries({ queryKey: query.apps.key() })
      return
    case 'reset':
      void client.invalidateQueries()
  }
}

/** The row at once; the list of conversations when something came. */
function applyImport(client: QueryClient, changed: Import): void {
  putImport(client, changed)
  void client.invalidateQueries({ queryKey: query.imports.items.key({ input: { id: changed.id } }) })
  if (changed.finishedAt === null || changed.messages === 0) return
  void client.invalidateQueries({ queryKey: query.conversations.list.key() })
  void client.invalidateQueries({ queryKey: query.exports.size.key() })
}

export function useLiveQueries(): void {
  const client = useQueryClient()
  useEffect(() => onUserEvent((event) => applyUserEvent(client, event)), [client])
}

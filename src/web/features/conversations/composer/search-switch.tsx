import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Globe } from 'lucide-react'
import type { Agent } from '../../../../contract/agents.ts'
import type { Conversation } from '../../../../contract/conversations.ts'
import type { ConversationSettings } from '../../../../contract/conversation-settings.ts'
import type { Model, Provider } from '../../../../contract/models.ts'
import { searchesOf, searchUsed, type WebSearch } from '../../../../contract/web-search.ts'
import { api, query } from '../../../api.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { showError } from '../../../ui/toast.tsx'
import { useMe } from '../../people/me.ts'
import { useWorkspace } from '../../workspaces/current-workspace.ts'
import { searchName } from './search-name.ts'

interface Props {
  used: WebSearch
  provider: Provider | undefined
  onSwitch: () => void
}

function Switch({ used, provider, onSwitch }: Props) {
  const isOn = used !== 'off'
  const state = isOn ? t('conversation.search.on', { by: searchName(used, provider) }) : t('conversation.search.is_off')
  return (
    <IconButton
      icon={Globe}
      className="composer-search"
      label={state}
      aria-label={t('conversation.search')}
      aria-description={state}
      aria-pressed={isOn}
      onClick={onSwitch}
    />
  )
}

/** Turned on, it is what it would be by itself, else what there is: a service before what is charged with the model. */
const turned = (used: WebSearch, byItself: WebSearch, searches: readonly WebSearch[]): WebSearch =>
  used === 'off' ? (byItself === 'off' ? searches[0]! : byItself) : 'off'

/** Whether this conversation's answers search the web. Not there where nothing can. */
export function SearchSwitch({ conversation: { id } }: { conversation: Conversation }) {
  const client = useQueryClient()
  const options = query.conversations.getSettings.queryOptions({ input: { id } })
  const { data } = useQuery(options)
  if (!data?.effective.webSearch || data.searches.length === 0) return null
  const { effective, inherited, searches, model } = data
  const used = data.effective.webSearch.value

  async function choose(webSearch: WebSearch) {
    const before = client.getQueryData<ConversationSettings>(options.queryKey)
    const shown = { ...effective, webSearch: { value: webSearch, origin: 'conversation' as const } }
    client.setQueryData<ConversationSettings>(options.queryKey, (known) => known && { ...known, effective: shown })
    try {
      client.setQueryData(options.queryKey, await api.conversations.updateSettings({ id, webSearch }))
    } catch (error) {
      client.setQueryData(options.queryKey, before)
      showError(error, t('conversation.search.failed'))
    }
  }

  return (
    <Switch
      used={used}
      provider={model?.provider}
      onSwitch={() => void choose(turned(used, inherited.webSearch?.value ?? 'off', searches))}
    />
  )
}

interface NewProps {
  model: Model | undefined
  agent: Agent | undefined
  /** Null: nobody said anything yet. */
  chosen: WebSearch | null
  onChoose: (search: WebSearch) => void
}

/** The same for a conversation that is not there yet. */
export function NewSearchSwitch({ model, agent, chosen, onChoose }: NewProps) {
  const { settings } = useMe()
  const { id: workspaceId } = useWorkspace()
  const tools = useQuery(query.agents.listTools.queryOptions({ input: { workspaceId } }))
  const named = agent?.current.tools
  const hasService = (tools.data ?? []).some(({ name }) => name === 'web_search') && (!named || named.includes('web_search'))
  const there = { service: hasService, provider: model?.hasSearch ?? false }
  const searches = searchesOf(there)
  if (searches.length === 0) return null
  const byItself = searchUsed(agent?.current.parameters.webSearch ?? settings.webSearch, there)
  const used = chosen ? searchUsed(chosen, there) : byItself
  return <Switch used={used} provider={model?.provider} onSwitch={() => onChoose(turned(used, byItself, searches))} />
}

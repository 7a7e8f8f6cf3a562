import { useQuery } from '@tanstack/react-query'
import type { ModelId } from '../../../../contract/ids.ts'
import type { Model } from '../../../../contract/models.ts'
import { query } from '../../../api.ts'
import { queryClient } from '../../../query-client.ts'
import { t } from '../../../strings/index.ts'
import { formatUsd } from '../../../strings/format.ts'
import { useWorkspace } from '../../workspaces/current-workspace.ts'

/** The models this person can talk to here, and the one that answers when nobody chose. */
export function useModels() {
  const { id: workspaceId } = useWorkspace()
  return useQuery(
    query.models.list.queryOptions({
      input: { workspaceId },
      select: ({ models, effective }) => ({ models: models.filter((model) => model.kind === 'chat'), effectiveId: effective.modelId }),
    }),
  )
}

/** The model that answers next: the chosen one while it is still there, else the effective one. */
export function useAnsweringModel(chosenId: ModelId | null | undefined): Model | undefined {
  const { data } = useModels()
  return (
    data?.models.find((model) => model.id === chosenId) ?? data?.models.find((model) => model.id === data.effectiveId) ?? data?.models[0]
  )
}

/** The same outside a component, from what is loaded. */
export function findModel(id: ModelId | undefined): Model | undefined {
  for (const [, data] of queryClient.getQueriesData<{ models: Model[]; effective: { modelId: ModelId } }>({
    queryKey: query.models.list.key(),
  })) {
    const found = data?.models.find((model) => model.id === (id ?? data.effective.modelId))
    if (found) return found
  }
  return undefined
}

const perMillion = (per1k: string): string => formatUsd((BigInt(per1k) * 1000n).toString())

export function priceOf({ price }: Model): string {
  if (price.origin === 'free') return t('conversation.model.price.free')
  if (price.inputPer1k === null || price.outputPer1k === null) return t('conversation.model.price.unknown')
  return t('conversation.model.price', { input: perMillion(price.inputPer1k), output: perMillion(price.outputPer1k) })
}

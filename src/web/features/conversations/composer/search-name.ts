import type { Provider } from '../../../../contract/models.ts'
import type { WebSearch } from '../../../../contract/web-search.ts'
import { t } from '../../../strings/index.ts'
import { providerNames } from './provider-names.ts'

/** What searches, in words. */
export function searchName(search: WebSearch, provider: Provider | undefined): string {
  if (search !== 'provider' || !provider) return t(`conversation.search.${search}`)
  return t('conversation.search.provider.named', { provider: providerNames[provider] })
}

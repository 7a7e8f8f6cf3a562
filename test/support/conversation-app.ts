import { afterAll } from 'vitest'
import { type ProviderServer, startProviderServer } from './provider-server/index.ts'
import { type Person, useTestApp } from './test-app.ts'
import { conversationWith } from './turn-client.ts'

/** An app whose models answer from a provider of the test's own; both are closed after the file. */
export async function useConversationApp(env: Record<string, string> = {}) {
  const provider: ProviderServer = await startProviderServer({ port: 0 })
  afterAll(() => provider.close())
  const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), ...env } })
  return {
    provider,
    shared,
    /** Somebody called Alice, and the id of a new conversation of hers. */
    async begin(): Promise<[alice: Person, conversationId: string]> {
      await shared.current.app.listing?.firstRound
      const [alice] = await shared.current.people('alice')
      return [alice, await conversationWith(alice, 'gpt-4o')]
    },
  }
}

import { acceptedContent, inputRequired, McpServer, UrlElicitationRequiredError } from '@modelcontextprotocol/server'
import { z } from 'zod'

const order = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const, title: 'Name on the cake', minLength: 2 },
    mail: { type: 'string' as const, format: 'email' as const, description: 'Where the receipt goes.' },
    candles: { type: 'integer' as const, minimum: 1, maximum: 99, default: 3 },
    isGift: { type: 'boolean' as const, title: 'A gift', default: true },
    size: { type: 'string' as const, enum: ['s', 'm', 'l'], default: 'm' },
    toppings: { type: 'array' as const, title: 'Toppings', items: { type: 'string' as const, enum: ['nuts', 'fruit'] }, minItems: 1 },
  },
  required: ['name', 'candles'],
}

/** Tools that ask whoever calls them, by either revision of the protocol. `onOrder` is told of each effect. */
export function makeAskingServer(options: { onOrder?: (values: unknown) => void } = {}): McpServer {
  const server = new McpServer({ name: 'asking-tools', version: '1.0.0' }, { capabilities: {} })
  server.registerTool('order', { description: 'Orders a cake.', inputSchema: z.object({}) }, async (_input, { mcpReq }) => {
    const answer = mcpReq.inputResponses?.['cake'] as { action: string; content?: unknown } | undefined
    if (!answer)
      return inputRequired({
        inputRequests: { cake: inputRequired.elicit({ message: 'Which cake shall it be?', requestedSchema: order }) },
        requestState: 'asked-for-the-cake',
      })
    if (answer.action !== 'accept') return { content: [{ type: 'text', text: `No cake: ${answer.action}.` }] }
    options.onOrder?.(answer.content)
    return { content: [{ type: 'text', text: `${JSON.stringify(answer.content)} ${mcpReq.requestState<string>() ?? ''}`.trim() }] }
  })
  server.registerTool('twice', { description: 'Asks two things at once.', inputSchema: z.object({}) }, async (_input, { mcpReq }) => {
    const schema = z.object({ word: z.string() })
    const [one, two] = ['one', 'two'].map((key) => acceptedContent(mcpReq.inputResponses, key, schema))
    if (one && two) return { content: [{ type: 'text', text: `${one.word} and ${two.word}` }] }
    const ask = (message: string) => inputRequired.elicit({ message, requestedSchema: schema })
    return inputRequired({ inputRequests: { one: ask('The first?'), two: ask('The second?') } })
  })
  server.registerTool('visit', { description: 'Has an address opened.', inputSchema: z.object({}) }, async (_input, { mcpReq }) => {
    const answer = mcpReq.inputResponses?.['pay'] as { action: string } | undefined
    if (answer) return { content: [{ type: 'text', text: `paid: ${answer.action}` }] }
    return inputRequired({
      inputRequests: { pay: inputRequired.elicitUrl({ message: 'Please pay.', url: 'https://pay.shop.example/order/7' }) },
    })
  })
  let refused = 0
  server.registerTool('needs-visit', { description: 'Refuses until an address was opened.', inputSchema: z.object({}) }, async () => {
    if (refused++ > 0) return { content: [{ type: 'text', text: 'now it works' }] }
    throw new UrlElicitationRequiredError([
      { mode: 'url', message: 'Sign the form first.', url: 'https://forms.shop.example/7', elicitationId: 'form-7' },
    ])
  })
  server.registerTool('think', { description: 'Asks a model.', inputSchema: z.object({}) }, async (_input, { mcpReq }) => {
    const answer = mcpReq.inputResponses?.['thought'] as { content?: { text?: string } } | undefined
    if (answer) return { content: [{ type: 'text', text: `the model said: ${answer.content?.text}` }] }
    return inputRequired({
      inputRequests: {
        thought: inputRequired.createMessage({
          systemPrompt: 'You name cakes.',
          messages: [{ role: 'user', content: { type: 'text', text: 'Name this cake.' } }],
          maxTokens: 9_000,
        }),
      },
    })
  })
  return server
}

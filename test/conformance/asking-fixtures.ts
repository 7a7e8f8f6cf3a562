import { inputRequired, inputResponse } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { McpCall, McpTool } from '../../src/server/surfaces/mcp/parts.ts'

/** Fixtures that ask their client something, in the way that the endpoint's own tools do: by a result, with a state that is signed. */
const words = (text: string) => ({ content: [{ type: 'text' as const, text }] })
const make = (name: string, run: (call: McpCall) => ReturnType<McpTool['run']>): McpTool => ({
  name,
  title: name,
  description: name,
  input: z.object({}),
  isReadOnly: true,
  needs: [],
  run: (_, call) => run(call),
})

const elicit = (message: string, field: string) =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] } })
const confirm = () =>
  inputRequired.elicit({
    message: 'Please confirm',
    requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
  })
const sample = (text: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens })

const answerTo = ({ context }: McpCall, key: string) => inputResponse(context.mcpReq.inputResponses, key)
/** What was said, or undefined where it was not, or not of that type. */
const said = (call: McpCall, key: string, field: string): unknown => {
  const answer = answerTo(call, key)
  return answer.kind === 'elicit' && answer.action === 'accept' ? answer.content?.[field] : undefined
}

/** Which step a call comes back from. */
const stepOf = (call: McpCall): number => (call.back?.state as { step?: number } | undefined)?.step ?? 0

export const askingTools: McpTool[] = [
  make('test_input_required_result_elicitation', async (call) => {
    const name = said(call, 'user_name', 'name')
    return typeof name === 'string'
      ? words(`Hello, ${name}!`)
      : inputRequired({ inputRequests: { user_name: elicit('What is your name?', 'name') } })
  }),
  make('test_input_required_result_sampling', async (call) => {
    const answer = answerTo(call, 'capital_question')
    return answer.kind === 'sampling'
      ? words(JSON.stringify(answer.result.content))
      : inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } })
  }),
  make('test_input_required_result_list_roots', async (call) => {
    const answer = answerTo(call, 'client_roots')
    return answer.kind === 'roots'
      ? words(answer.roots.map(({ uri }) => uri).join(', '))
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
  }),
  make('test_input_required_result_request_state', async (call) =>
    stepOf(call) === 1
      ? words('state-ok')
      : inputRequired({
          inputRequests: { confirm: confirm() },
          requestState: await call.mint({ step: 1 }),
        }),
  ),
  make('test_input_required_result_multiple_inputs', async (call) =>
    stepOf(call) === 1
      ? words('All of it came.')
      : inputRequired({
          inputRequests: {
            user_name: elicit('What is your name?', 'name'),
            greeting: sample('Generate a greeting', 50),
            client_roots: inputRequired.listRoots(),
          },
          requestState: await call.mint({ step: 1 }),
        }),
  ),
  make('test_input_required_result_multi_round', async (call) => {
    const step = stepOf(call)
    if (step === 2) return words('Both are known.')
    const requestState = await call.mint({ step: step + 1 })
    return step === 0
      ? inputRequired({ inputRequests: { step1: elicit('Step 1: What is your name?', 'name') }, requestState })
      : inputRequired({ inputRequests: { step2: elicit('Step 2: What is your favorite color?', 'color') }, requestState })
  }),
  make('test_input_required_result_tampered_state', async (call) =>
    stepOf(call) === 1
      ? words('It is as it was.')
      : inputRequired({
          inputRequests: { confirm: confirm() },
          requestState: await call.mint({ step: 1 }),
        }),
  ),
  make('test_input_required_result_capabilities', async (call) =>
    inputRequired({
      inputRequests: call.askBack ? { user_name: elicit('What is your name?', 'name') } : { greeting: sample('Generate a greeting', 50) },
    }),
  ),
  make('test_missing_capability', async () => inputRequired({ inputRequests: { greeting: sample('Generate a greeting', 50) } })),
  make('test_streaming_elicitation', async (call) => {
    await call.progress(1, 'begun')
    return inputRequired({ inputRequests: { user_name: elicit('What is your name?', 'name') } })
  }),
]

export async function askingPrompt(call: McpCall) {
  const context = said(call, 'user_context', 'context')
  if (typeof context !== 'string')
    return inputRequired({ inputRequests: { user_context: elicit('What context should the prompt use?', 'context') } })
  return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: context } }] }
}

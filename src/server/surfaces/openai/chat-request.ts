import { z } from 'zod'

/*
 * The request of `POST /v1/chat/completions`, after OpenAI's API reference ("Chat Completions > Create"). Fields that are not named here are ignored, as
 * clients send many of other makers; fields that would change what the answer means and that Parley does not have are refused.
 */

const TextPart = z.object({ type: z.literal('text'), text: z.string() })
const ImagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string(), detail: z.enum(['auto', 'low', 'high']).optional() }),
})
const AudioPart = z.object({ type: z.literal('input_audio'), input_audio: z.object({ data: z.base64(), format: z.enum(['wav', 'mp3']) }) })
const FilePart = z.object({
  type: z.literal('file'),
  file: z.object({ file_data: z.string('must be given: files by id are not kept here'), filename: z.string().optional() }),
})
const RefusalPart = z.object({ type: z.literal('refusal'), refusal: z.string() })

const UserPart = z.discriminatedUnion('type', [TextPart, ImagePart, AudioPart, FilePart])
export type UserPart = z.infer<typeof UserPart>

const Texts = z.union([z.string(), z.array(TextPart).min(1)])

const ToolCall = z.object({
  id: z.string().min(1),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
  /** Google's way of carrying a signed thought through this protocol (Gemini API, "OpenAI compatibility"). */
  extra_content: z.object({ google: z.object({ thought_signature: z.string() }).optional() }).optional(),
})

const Message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: Texts }),
  z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(UserPart).min(1)]) }),
  z.object({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [TextPart, RefusalPart]))]).nullish(),
    refusal: z.string().nullish(),
    tool_calls: z.array(ToolCall).nullish(),
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: Texts }),
])
export type ChatMessage = z.infer<typeof Message>

const Tool = z.object({
  type: z.literal('function', 'only tools of the type "function" can be passed on'),
  function: z.object({
    name: z.string().regex(/^[\w-]{1,64}$/, 'must be letters, digits, _ and -, at most 64'),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.json()).nullish(),
    strict: z.boolean().nullish(),
  }),
})

const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
])

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string(),
      description: z.string().nullish(),
      schema: z.record(z.string(), z.json()).nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
])

const count = z.int().min(1).max(10_000_000)

export const ChatRequest = z.object({
  model: z.string().min(1),
  messages: z.array(Message).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  /** Keeps the exchange as a conversation. */
  store: z.boolean().nullish(),
  tools: z.array(Tool).max(1000).nullish(),
  tool_choice: ToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: ResponseFormat.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(1).nullish(),
  max_tokens: count.nullish(),
  max_completion_tokens: count.nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  seed: z.int().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  user: z.string().max(512).nullish(),
  n: z.literal(1, 'must be 1: one request gives one answer').nullish(),
  logprobs: z.literal(false, 'is not offered').nullish(),
  logit_bias: z.record(z.string(), z.never('is not offered')).nullish(),
  audio: z.null('is not offered').optional(),
  modalities: z.array(z.literal('text', 'is not offered')).nullish(),
  functions: z.undefined('is deprecated: use tools').optional(),
  function_call: z.undefined('is deprecated: use tool_choice').optional(),
})
export type ChatRequest = z.infer<typeof ChatRequest>

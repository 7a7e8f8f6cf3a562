import { z } from 'zod'
import type { McpParts, McpTool } from '../../src/server/surfaces/mcp/parts.ts'
import { askingPrompt, askingTools } from './asking-fixtures.ts'

/** The fixtures that the conformance suite calls by name, behind the real endpoint. Nothing but the suite's own run has them. */
export function withFixtures(own: McpParts): McpParts {
  return {
    tools: [...own.tools, ...tools, ...askingTools],
    async listPrompts(call, cursor) {
      const mine = await own.listPrompts(call, cursor)
      return {
        ...mine,
        prompts: [
          ...mine.prompts,
          ...prompts.map(({ name, args }) => ({ name, description: name, arguments: args.map((arg) => ({ name: arg, required: true })) })),
        ],
      }
    },
    getPrompt: async (call, name, values) => {
      if (name === 'test_input_required_result_prompt') return askingPrompt(call)
      const found = prompts.find((one) => one.name === name)
      if (!found) return own.getPrompt(call, name, values)
      return { messages: found.contents(values).map((content) => ({ role: 'user' as const, content })) }
    },
    async listResources(call, cursor) {
      const mine = await own.listResources(call, cursor)
      return { ...mine, resources: [...mine.resources, { ...text, name: 'static-text' }, { ...binary, name: 'static-binary' }] }
    },
    listTemplates: (call) => [
      ...own.listTemplates(call),
      { uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' },
    ],
    async readResource(call, uri) {
      if (uri === text.uri) return { contents: [{ ...text, text: 'This is the content of the static text resource.' }] }
      if (uri === binary.uri) return { contents: [{ ...binary, blob: png }] }
      const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
      if (id)
        return {
          contents: [{ uri, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }],
        }
      return own.readResource(call, uri)
    },
    complete: async (call, asked) => {
      if (!('prompt' in asked.of) || asked.of.prompt !== 'test_prompt_with_arguments') return own.complete(call, asked)
      return ['paris', 'park', 'party'].filter((one) => one.startsWith(asked.value))
    },
  }
}

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA=='
const text = { uri: 'test://static-text', mimeType: 'text/plain' }
const binary = { uri: 'test://static-binary', mimeType: 'image/png' }

const words = (said: string) => ({ type: 'text' as const, text: said })
const image = { type: 'image' as const, data: png, mimeType: 'image/png' }
const audio = { type: 'audio' as const, data: wav, mimeType: 'audio/wav' }
const embedded = (uri: string, said: string, mimeType = 'text/plain') => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: said },
})

const make = (name: string, run: McpTool['run'], input: z.ZodObject = z.object({})): McpTool => ({
  name,
  title: name,
  description: name,
  input,
  isReadOnly: true,
  needs: [],
  run,
})

const schemaOf2020 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
}
const tools: McpTool[] = [
  make('test_simple_text', async () => 'This is a simple text response for testing.'),
  make('test_image_content', async () => ({ content: [image] })),
  make('test_audio_content', async () => ({ content: [audio] })),
  make('test_embedded_resource', async () => ({
    content: [embedded('test://embedded-resource', 'This is an embedded resource content.')],
  })),
  make('test_multiple_content_types', async () => ({
    content: [
      words('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
    ],
  })),
  make('test_error_handling', async () => ({ content: [words('This tool intentionally returns an error for testing')], isError: true })),
  { ...make('json_schema_2020_12_tool', async () => 'ok'), inputSchema: schemaOf2020 },
  make('test_tool_with_progress', async (_, { progress }) => {
    for (const done of [0, 50, 100]) await progress(done, `${done} of 100`)
    return 'done'
  }),
]

const prompts: {
  name: string
  args: string[]
  contents(values: Record<string, string>): (ReturnType<typeof words> | typeof image | ReturnType<typeof embedded>)[]
}[] = [
  { name: 'test_simple_prompt', args: [], contents: () => [words('This is a simple prompt for testing.')] },
  {
    name: 'test_prompt_with_arguments',
    args: ['arg1', 'arg2'],
    contents: ({ arg1, arg2 }) => [words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    args: ['resourceUri'],
    contents: ({ resourceUri }) => [
      embedded(resourceUri ?? '', 'Embedded resource content for testing.'),
      words('Please process the embedded resource above.'),
    ],
  },
  { name: 'test_prompt_with_image', args: [], contents: () => [image, words('Please analyze the image above.')] },
]

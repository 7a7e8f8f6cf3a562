import type { AnyContractRouter } from '@orpc/contract'
import { Problem } from '../../../contract/errors.ts'

export interface DocumentInfo {
  title: string
  version: string
  description: string
}

/** The OpenAPI 3.1 document of a contract. The generator is loaded when the document is first asked for. */
export function openApi(contract: AnyContractRouter, info: DocumentInfo): () => Promise<string> {
  let document: Promise<string> | undefined
  return () => (document ??= generate(contract, info))
}

async function generate(contract: AnyContractRouter, info: DocumentInfo): Promise<string> {
  const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }] = await Promise.all([import('@orpc/openapi'), import('@orpc/zod/zod4')])
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info,
    servers: [{ url: '/api' }],
    security: [{ session: [] }, { apiKey: [] }],
    commonSchemas: { Problem: { schema: Problem } },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'parley_session' },
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `pk_…`, made in the settings.' },
      },
    },
  })
  return JSON.stringify(withProblems(document))
}

interface Operation {
  responses?: Record<string, unknown>
}

/** The generator describes errors in its own library's form; every one of ours is a problem, and any operation may answer with one. */
function withProblems(document: { paths?: Record<string, unknown> }): unknown {
  const problem = {
    description: 'Problem details, RFC 9457',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
  const paths = Object.entries((document.paths ?? {}) as Record<string, Record<string, Operation>>).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => {
        const responses = Object.entries(operation.responses ?? {}).map(([status, response]) => [
          status,
          Number(status) >= 400 ? problem : response,
        ])
        return [method, { ...operation, responses: { ...Object.fromEntries(responses), default: problem } }]
      }),
    ),
  ])
  return { ...document, paths: Object.fromEntries(paths) }
}

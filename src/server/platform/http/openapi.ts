import type { AnyContractRouter } from '@orpc/contract'

/** The OpenAPI 3.1 document of a contract. The generator is loaded when the document is first asked for. */
export function openApi(contract: AnyContractRouter, info: { title: string; version: string; description: string }): () => Promise<string> {
  let document: Promise<string> | undefined
  return () => (document ??= generate(contract, info))
}

async function generate(contract: AnyContractRouter, info: { title: string; version: string; description: string }): Promise<string> {
  const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }] = await Promise.all([import('@orpc/openapi'), import('@orpc/zod/zod4')])
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info,
    servers: [{ url: '/api' }],
    security: [{ session: [] }, { apiKey: [] }],
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'parley_session' },
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `pk_…`, made in the settings.' },
      },
    },
  })
  return JSON.stringify(document)
}

import type { Insertable } from 'kysely'
import type { CustomToolConfiguration, customTools as contract } from '../../../contract/custom-tools.ts'
import { storableJson } from '../../platform/db/storable-json.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { sealAuth, shownAuth } from './credentials.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { loadDescription } from './read-api-description.ts'
import type { CustomToolOperationTable } from './tables.ts'

export interface Prepared {
  configuration: CustomToolConfiguration
  sealed: Buffer | null
  operations: Omit<Insertable<CustomToolOperationTable>, 'id' | 'workspace_id' | 'custom_tool_id' | 'position'>[]
}

type Input = Extract<InputOf<typeof contract.create>['configuration'], { kind: 'http_api' }>

/** The chosen operations, as the description says now. */
export async function prepareApi(deps: CustomToolsDeps, place: { id: string; workspace_id: string }, input: Input): Promise<Prepared> {
  const { baseUrl, auth } = input
  const found = await loadDescription(deps, input.source)
  const byKey = new Map(found.operations.map((operation) => [operation.key, operation]))
  const issues = Object.keys(input.operations).flatMap((key) => {
    const operation = byKey.get(key)
    if (!operation) return [{ path: ['operations', key], message: 'is not in the description' }]
    return operation.refusal === null ? [] : [{ path: ['operations', key], message: operation.refusal }]
  })
  if (issues.length > 0) throw new AppError('request.invalid', { issues })

  const chosen = found.operations.filter(({ key }) => Object.hasOwn(input.operations, key))
  return {
    configuration: { kind: 'http_api', baseUrl, auth: shownAuth(auth), documentTitle: found.title, documentVersion: found.version },
    sealed: sealAuth(deps.vault, place, baseUrl, auth),
    operations: chosen.map(({ key, name, description, isReadOnly, inputSchema, binding }) => ({
      name,
      description,
      permission: input.operations[key]!,
      is_repeatable: isReadOnly,
      input_schema: storableJson(inputSchema),
      binding: storableJson(binding),
    })),
  }
}

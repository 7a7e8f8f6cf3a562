import type { JSONSchema7 } from '@ai-sdk/provider'

type Check = (input: unknown) => string | null

let validators: Promise<(schema: JSONSchema7) => Check> | undefined

/** Loaded with the first tool that is called. Schemas are interpreted, not made into code. */
function loadValidators() {
  return (validators ??= import('@modelcontextprotocol/client/validators/cf-worker').then(({ CfWorkerJsonSchemaValidator }) => {
    const engine = new CfWorkerJsonSchemaValidator({ shortcircuit: false })
    return (schema) => {
      const validate = engine.getValidator(schema as never)
      return (input) => {
        const result = validate(input)
        return result.valid ? null : result.errorMessage
      }
    }
  }))
}

/**
 * What is wrong with a foreign tool's arguments, in words; null where nothing is. Patterns are left to whoever wrote them: one can be written that never comes to an
 * end. A schema that cannot be understood checks nothing, since the server looks as well.
 */
export async function problemOf(schema: Record<string, unknown>, input: unknown): Promise<string | null> {
  try {
    const make = await loadValidators()
    return make(withoutPatterns(schema) as JSONSchema7)(input)?.slice(0, 1_000) ?? null
  } catch {
    return null
  }
}

function withoutPatterns(value: unknown, isNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPatterns(item))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([key]) => isNames || !['pattern', 'patternProperties', 'format', '$schema', '$id'].includes(key),
  )
  return Object.fromEntries(
    kept.map(([key, item]) => [key, withoutPatterns(item, !isNames && ['properties', '$defs', 'definitions'].includes(key))]),
  )
}

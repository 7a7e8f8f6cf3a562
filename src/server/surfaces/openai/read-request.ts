import type { z } from 'zod'
import { AppError } from '../../platform/errors/index.ts'
import { type HttpContext, readBody } from '../../platform/http/index.ts'

/** Errors: `request.malformed`, `request.too_large`, `request.invalid` with every issue. */
export async function readRequest<Output>(c: HttpContext, schema: z.ZodType<Output>, maxBodyBytes: number): Promise<Output> {
  const parsed = schema.safeParse(await readBody(c, maxBodyBytes))
  if (parsed.success) return parsed.data
  throw new AppError('request.invalid', { issues: parsed.error.issues.flatMap(flat) })
}

/** Of alternatives that all failed, the one that got furthest says what is wrong. */
function flat(issue: z.core.$ZodIssue): { path: (string | number)[]; message: string }[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, message: issue.message }]
  const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map((inner) => inner.path.length))
  const closest = issue.errors.toSorted((one, other) => depth(other) - depth(one))[0]!
  return closest.flatMap(flat).map((inner) => ({ path: [...path, ...inner.path], message: inner.message }))
}

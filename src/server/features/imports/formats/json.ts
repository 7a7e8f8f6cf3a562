export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonRecord = { [name: string]: Json }

export const isRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const recordOf = (value: Json | undefined): JsonRecord => (isRecord(value) ? value : {})
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
/** As the database holds it, so that it is found again. */
export const idOf = (value: Json | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200).toWellFormed().replaceAll('\0', '\ufffd') : null

const earliest = Date.UTC(2000, 0)
const dayMs = 86_400_000

/** Seconds since 1970, or ISO 8601. Null: none, or one that nobody wrote a message at. */
export function timeOf(value: Json | undefined): Date | null {
  const ms = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return ms >= earliest && ms <= Date.now() + dayMs ? new Date(Math.min(ms, Date.now())) : null
}

import pg from 'pg'

type Parse = (text: string) => unknown

const { builtins } = pg.types
const int8Array = 1016
const asText: Parse = (text) => text
const parseTextArray = pg.types.getTypeParser(int8Array as never) as (text: string) => (string | null)[]

const ownParsers = new Map<number, Parse>([
  [builtins.INT8, BigInt],
  [int8Array, (text) => parseTextArray(text).map((entry) => (entry === null ? null : BigInt(entry)))],
  [builtins.DATE, asText], // a day has no time zone; the driver would make it local midnight
  [builtins.INTERVAL, asText],
])

/**
 * How a column's text becomes a value, the same on both databases: int8 is a bigint, timestamptz a Date (milliseconds), jsonb is parsed, bytea a
 * Buffer; uuid, numeric, date, interval and vector stay strings.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    ownParsers.get(oid) ?? pg.types.getTypeParser(oid as never, format as never)) as pg.CustomTypesConfig['getTypeParser'],
}

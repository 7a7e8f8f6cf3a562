import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * A backup is a gzip of lines of JSON, the same from both databases:
 *
 *     {"parley":"backup","format":1,…}                          the header
 *     {"partition":"usage_2026_11","of":"usage","bounds":"…"}   partitions that the migrations do not make
 *     {"table":"conversation","columns":["id","title"]}         then one array of texts per row, as PostgreSQL writes each value,
 *     ["019…","Hello"]
 *     {"end":"conversation","rows":1,"digest":"…"}              and how many there were
 *     {"sequence":"…","value":"42","isCalled":true}
 *     {"done":true,"tables":31,"rows":18204}                    without this line it is not whole
 */
export const formatVersion = 1

export const Header = z.object({
  parley: z.literal('backup'),
  format: z.literal(formatVersion),
  createdAt: z.iso.datetime(),
  from: z.enum(['embedded', 'postgres']),
  schema: z.array(z.object({ number: z.int(), name: z.string(), sha256: z.string() })),
  /** For whoever looks inside. */
  notice: z.string(),
})
export type Header = z.infer<typeof Header>

export const notice =
  'This backup holds no key of the vault. Sealed values in it (keys of providers, tokens) open only with the VAULT_KEYS or the key file of the server it comes from: keep those too, somewhere else. Queued background jobs are not part of it.'

export const PartitionLine = z.object({ partition: z.string(), of: z.string(), bounds: z.string() })
export const TableLine = z.object({ table: z.string(), columns: z.array(z.string()) })
export const EndLine = z.object({ end: z.string(), rows: z.int(), digest: z.string() })
export const SequenceLine = z.object({ sequence: z.string(), value: z.string(), isCalled: z.boolean() })
export const DoneLine = z.object({ done: z.literal(true), tables: z.int(), rows: z.int() })

/** Every line that is not a row. */
export const Line = z.union([PartitionLine, TableLine, EndLine, SequenceLine, DoneLine])
export type Line = z.infer<typeof Line>

/** How values are written, whatever the session was set to. */
export const textSettings = `set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
  set local search_path = public`

/** Sums up rows in any order: two databases need not sort text alike. */
export class Digest {
  #sum = 0n
  rows = 0

  add(row: string): void {
    const hash = createHash('sha256').update(row).digest()
    this.#sum = BigInt.asUintN(128, this.#sum + (hash.readBigUInt64BE(0) << 64n) + hash.readBigUInt64BE(8))
    this.rows += 1
  }

  toString(): string {
    return this.#sum.toString(16).padStart(32, '0')
  }
}

export interface DumpProgress {
  phase: 'writing' | 'checking' | 'reading' | 'verifying'
  table: string
  /** Of all tables so far, in this phase. */
  rows: number
}

export interface DumpOptions {
  onProgress?: (progress: DumpProgress) => void
  signal?: AbortSignal
}

export interface DumpSummary {
  tables: number
  rows: number
  sizeBytes: number
  notice: string
}

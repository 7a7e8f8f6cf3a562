export type Language = 'javascript' | 'python'

/** What a worker is told, as one line of JSON. */
export interface CodeJob {
  code: string
  files: { name: string; base64: string }[]
}

/** What it says back, as one line of JSON. Whatever is in it comes from code that nobody knows. */
export interface CodeReply {
  stdout: string
  /** Something was printed that is not in `stdout`. */
  isCut: boolean
  /** Of the last expression; null where it has none. */
  value: string | null
  error: string | null
}

export const maxOutputLength = 16_000
export const maxValueLength = 8_000

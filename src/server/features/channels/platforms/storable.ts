import { z } from 'zod'

/** Text that PostgreSQL can hold: without U+0000, and with half surrogates replaced. */
export const storable = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain the character U+0000')
  .transform((text) => text.toWellFormed())

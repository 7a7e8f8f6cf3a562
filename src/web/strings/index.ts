import { en } from './en.ts'
import { translator } from './translate.ts'

/** Everything the shell and the conversations say. The settings bring their own catalogue, which loads with them. */
export const t = translator(en)

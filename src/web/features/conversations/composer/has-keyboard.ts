import { useMediaQuery } from '../../../ui/media-query.ts'

/** Whether somebody most likely types on keys that can be felt. On glass, Enter belongs to the text. */
export const useHasKeyboard = (): boolean => useMediaQuery('(hover: hover) and (pointer: fine)')

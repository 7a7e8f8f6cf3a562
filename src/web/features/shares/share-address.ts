import type { Share } from '../../../contract/shares.ts'

/** As it is given to somebody. */
export const addressOf = (share: Pick<Share, 'path'>): string => location.origin + share.path

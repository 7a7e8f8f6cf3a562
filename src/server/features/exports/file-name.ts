import { beginningOf } from '../../platform/db/index.ts'

/** A title as the name of a file that every system takes. */
export function fileNameOf(title: string): string {
  const name = title
    .normalize('NFC')
    // Also what controls or turns the direction of text around.
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
  return beginningOf(name, 80).trim() || 'conversation'
}

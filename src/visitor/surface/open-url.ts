import { safeUrl } from '../../markdown/index.ts'

/** Opens an address apart, without a way back to this page; other schemes than http, https and mailto do nothing. */
export function openUrl(url: string): void {
  const href = safeUrl(url)
  if (href === undefined) return
  const link = document.createElement('a')
  link.href = href
  link.target = '_blank'
  link.rel = 'noopener'
  link.click()
}

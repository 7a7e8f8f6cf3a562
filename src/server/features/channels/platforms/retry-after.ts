/** `Retry-After` in seconds (RFC 9110, section 10.2.3; the form with a date is rare and not read). */
export function retryAfterSeconds(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) : undefined
}

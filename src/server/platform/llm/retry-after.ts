/**
 * When to come back, in seconds: the `retry-after` header (seconds or a date, RFC 9110), `retry-after-ms` (OpenAI, Azure), google.rpc's RetryInfo, or the
 * provider's sentence. Undefined if it does not say. At most an hour: nobody waits longer.
 */
export function retryAfterSeconds(headers: Record<string, string>, text: string): number | undefined {
  const seconds = fromHeaders(headers) ?? fromText(text)
  return seconds === undefined || Number.isNaN(seconds) ? undefined : Math.min(3600, Math.max(1, Math.ceil(seconds)))
}

function fromHeaders(headers: Record<string, string>): number | undefined {
  const ms = headers['retry-after-ms']
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return Number(ms) / 1000
  const value = headers['retry-after']
  if (value === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : (date - Date.now()) / 1000
}

function fromText(text: string): number | undefined {
  const found = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(text) ?? /(?:try again|retry) in (\d+(?:\.\d+)?)\s?(ms|s\b|sec)/i.exec(text)
  return found ? Number(found[1]) / (found[2] === 'ms' ? 1000 : 1) : undefined
}

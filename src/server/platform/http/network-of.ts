import ipaddr from 'ipaddr.js'

/** Whom an address stands for: itself in IPv4, however it is written; in IPv6 its /64, since whoever has one address has 2⁶⁴ of them. Other text stays. */
export function networkOf(address: string): string {
  const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : undefined
  return parsed instanceof ipaddr.IPv6 ? `${parsed.parts.slice(0, 4).join(':')}/64` : (parsed?.toString() ?? address)
}

import ipaddr from 'ipaddr.js'

type Address = ReturnType<typeof ipaddr.parse>

/**
 * Which addresses may be called. `allow` holds what an administrator permitted by `EGRESS_ALLOW`: host names (matched exactly, or with a leading
 * `*.` for everything below), addresses, and networks in CIDR form.
 */
export interface AddressPolicy {
  /** True if the name itself was listed, so whatever it resolves to may be called. */
  permitsHost(hostname: string): boolean
  /** True if the address is in a listed network. */
  lists(address: string): boolean
  /** `isPrivatePermitted` opens private networks and loopback, but neither link-local addresses (cloud metadata) nor multicast. */
  permitsAddress(address: string, isPrivatePermitted: boolean): boolean
}

const privateRanges = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'])
/** What is routed on the public internet (RFC 4291, section 2.4); ranges that IANA has not handed out yet stay closed. */
const globalUnicast: [Address, number] = [ipaddr.parse('2000::'), 3]
/** The prefix behind which a NAT64 network shows IPv4 addresses (RFC 6052); the only embedding that is worth looking through. */
const nat64: [Address, number] = [ipaddr.parse('64:ff9b::'), 96]

export function createAddressPolicy(allow: readonly string[]): AddressPolicy {
  const hosts = new Set<string>()
  const suffixes: string[] = []
  const networks: [Address, number][] = []
  for (const entry of allow.map((text) => text.trim().toLowerCase()).filter((text) => text !== '')) {
    const unbracketed = entry.replace(/^\[(.*)\]$/, '$1')
    if (ipaddr.isValidCIDR(unbracketed)) networks.push(ipaddr.parseCIDR(unbracketed))
    else if (isAddress(unbracketed)) networks.push([ipaddr.process(unbracketed), ipaddr.process(unbracketed).kind() === 'ipv4' ? 32 : 128])
    else if (entry.startsWith('*.')) suffixes.push(entry.slice(1))
    else hosts.add(entry)
  }
  const isListed = (address: Address) =>
    networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))

  return {
    permitsHost(hostname) {
      const name = hostname.toLowerCase().replace(/\.$/, '')
      return hosts.has(name) || suffixes.some((suffix) => name.endsWith(suffix))
    },
    lists: (text) => ipaddr.isValid(text) && isListed(withoutEmbedding(ipaddr.process(text))),
    permitsAddress(text, isPrivatePermitted) {
      if (!ipaddr.isValid(text)) return false
      const address = withoutEmbedding(ipaddr.process(text))
      if (isListed(address)) return true
      const range = address.range()
      if (privateRanges.has(range)) return isPrivatePermitted
      return range === 'unicast' && (address.kind() === 'ipv4' || address.match(...globalUnicast))
    },
  }
}

/** Only the usual four-part form: ipaddr.js would also read `10` or `0x7f.1` as an address, which in a list is more likely a name or a mistake. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
}

function withoutEmbedding(address: Address): Address {
  if (address.kind() !== 'ipv6' || !address.match(...nat64)) return address
  return ipaddr.fromByteArray(address.toByteArray().slice(12))
}

import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import type { buildConnector as Connector } from 'undici'
import buildConnector from 'undici/lib/core/connect.js'
import { AppError } from '../errors/index.ts'
import type { AddressPolicy } from './address-policy.ts'

export interface ResolvedAddress {
  address: string
  family: number
}

/** All addresses of a name, in the order they should be tried. Rejects when there are none. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>

export const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true })

export function addressForbidden(detail: string): AppError {
  return new AppError('connection.address_forbidden', { detail })
}

/**
 * The address to connect to, checked, for clients of protocols other than HTTP: they must be given the address and not the name, which could lead elsewhere
 * at a second look. Errors: `connection.address_forbidden`; those of the look-up.
 */
export async function pinAddress(policy: AddressPolicy, resolve: Resolve, hostname: string): Promise<string> {
  const name = hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = isIP(name) ? [{ address: name, family: isIP(name) }] : await resolve(name)
  const [first] = permittedAmong(policy, false, name, addresses)
  if (!first) throw addressForbidden(`${name} leads to an address that this server may not call.`)
  return first.address
}

function permittedAmong(
  policy: AddressPolicy,
  isPrivatePermitted: boolean,
  hostname: string,
  addresses: ResolvedAddress[],
): ResolvedAddress[] {
  if (policy.permitsHost(hostname)) return addresses
  const permitted = addresses.filter(({ address }) => policy.permitsAddress(address, isPrivatePermitted))
  // A name with public and private addresses is how a check is circumvented, so it is refused whole, unless a listed network explains the mixture.
  return permitted.length === addresses.length || permitted.some(({ address }) => policy.lists(address)) ? permitted : []
}

/**
 * Opens connections to checked addresses only. The check sits inside the socket's own name lookup, so the address that was checked is the one that
 * is called: there is no second lookup that a hostile name server could answer differently.
 */
export function createConnector(
  policy: AddressPolicy,
  isPrivatePermitted: boolean,
  resolve: Resolve,
  timeoutMs: number,
): Connector.connector {
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const permitted = permittedAmong(policy, isPrivatePermitted, hostname, addresses)
        const first = permitted[0]
        if (addresses.length === 0) callback(Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' }), '', 0)
        else if (!first) callback(addressForbidden(`${hostname} resolves to an address that this server may not call.`), '', 0)
        else if (options.all) callback(null, permitted)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
  const connect = buildConnector({ timeout: timeoutMs, lookup, allowH2: false })

  return (options, callback) => {
    const hostname = options.hostname.replace(/^\[(.*)\]$/, '$1')
    // A literal address is never looked up.
    if (isIP(hostname) && !policy.permitsHost(hostname) && !policy.permitsAddress(hostname, isPrivatePermitted)) {
      callback(addressForbidden(`${hostname} is an address that this server may not call.`), null)
      return
    }
    connect(options, callback)
  }
}

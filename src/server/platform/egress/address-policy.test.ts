import { expect, test } from 'vitest'
import { createAddressPolicy } from './address-policy.ts'

const closed = createAddressPolicy([])

test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '64:ff9b::808:808', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(closed.permitsAddress(address, false)).toBe(true)
  },
)

test.each([
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['carrier NAT', '100.64.0.1'],
  ['link-local', '169.254.1.1'],
  ['cloud metadata', '169.254.169.254'],
  ['this network', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.5'],
  ['IPv6 loopback', '::1'],
  ['IPv6 unspecified', '::'],
  ['IPv6 unique local', 'fd00::1'],
  ['IPv6 cloud metadata', 'fd00:ec2::254'],
  ['IPv6 link-local', 'fe80::1'],
  ['IPv6 site-local', 'fec0::1'],
  ['IPv6 multicast', 'ff02::1'],
  ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
  ['IPv4-mapped private, in hex', '::ffff:0a00:0001'],
  ['IPv4-compatible loopback', '::127.0.0.1'],
  ['translated (RFC 6145)', '::ffff:0:127.0.0.1'],
  ['NAT64 of a private address', '64:ff9b::10.0.0.1'],
  ['NAT64 of metadata', '64:ff9b::a9fe:a9fe'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4 of a private address', '2002:0a00:0001::'],
  ['Teredo', '2001:0:0a00:1::'],
  ['documentation', '2001:db8::1'],
  ['no address', 'not-an-address'],
])('%s (%s) is refused', (_what, address) => {
  expect(closed.permitsAddress(address, false)).toBe(false)
})

test.each(['127.0.0.1', '10.0.0.1', '192.168.1.1', '100.64.0.1', '::1', 'fd00::1', '::ffff:127.0.0.1'])(
  '%s is open to a connection that may call private addresses',
  (address) => {
    expect(closed.permitsAddress(address, true)).toBe(true)
  },
)

test.each(['169.254.169.254', '0.0.0.0', '224.0.0.1', 'fe80::1', '64:ff9b::a9fe:a9fe'])(
  '%s stays closed even to that connection',
  (address) => {
    expect(closed.permitsAddress(address, true)).toBe(false)
  },
)

test('a listed network, address or IPv6 network is permitted, its neighbours are not', () => {
  const policy = createAddressPolicy(['10.1.0.0/16', ' 192.168.7.7 ', '[fd12::]/16', 'fd34::/16', '169.254.169.254'])
  expect(policy.permitsAddress('10.1.2.3', false)).toBe(true)
  expect(policy.permitsAddress('::ffff:10.1.2.3', false)).toBe(true)
  expect(policy.permitsAddress('10.2.0.1', false)).toBe(false)
  expect(policy.permitsAddress('192.168.7.7', false)).toBe(true)
  expect(policy.permitsAddress('192.168.7.8', false)).toBe(false)
  expect(policy.permitsAddress('fd34::1', false)).toBe(true)
  expect(policy.permitsAddress('169.254.169.254', false)).toBe(true)
})

test('host names are matched whole, whatever their case, and with `*.` for everything below', () => {
  const policy = createAddressPolicy(['Ollama.Internal', '*.lab.example'])
  expect(policy.permitsHost('ollama.internal')).toBe(true)
  expect(policy.permitsHost('OLLAMA.internal.')).toBe(true)
  expect(policy.permitsHost('evil-ollama.internal')).toBe(false)
  expect(policy.permitsHost('gpu.lab.example')).toBe(true)
  expect(policy.permitsHost('lab.example')).toBe(false)
  expect(policy.permitsHost('gpu.lab.example.evil.test')).toBe(false)
})

test('a number that could be read as an address is a name', () => {
  expect(createAddressPolicy(['10']).permitsAddress('0.0.0.10', false)).toBe(false)
})

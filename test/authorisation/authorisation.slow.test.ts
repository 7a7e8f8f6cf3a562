import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policiesOfScopes } from '../../src/contract/app-choices.ts'
import { type ErrorCode, errorTable } from '../../src/contract/errors.ts'
import * as ids from '../../src/contract/ids.ts'
import { z } from 'zod'
import { startProviderServer } from '../support/provider-server/index.ts'
import { type EndpointName, type Person, useTestApp } from '../support/test-app.ts'
import { endpoints, valueAt, type WalkedEndpoint, withValueAt } from './branded-positions.ts'
import { type BadCredential, badCredentials, browserOf, type NarrowScope, narrowKeys, narrowScopes, send } from './credentials.ts'
import { anyonesEndpoints, type FixtureCall, fixtures } from './fixtures.ts'
import { answerLong, askFirst, askMore, makeWorld, missingId, runOn, settle, stateOf, type World } from './world.ts'

// Walks the contract: an endpoint, a brand or a position that is new and has no fixture turns this red.

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' }, tools: [askFirst, askMore, runOn, answerLong] })

let world: World
let bad: BadCredential[]
/** `resource:action` of the role User, as the database has it. */
let policiesOfUser: string[]
beforeAll(async () => {
  await shared.current.app.listing?.firstRound
  world = await makeWorld(shared.current, provider)
  bad = await badCredentials(shared.current, world.alice)
  const { rows } = await sql<{ policy: string }>`
    select policy.resource || ':' || policy.action as policy from role
    join role_policy on role_policy.role_id = role.id join policy on policy.id = role_policy.policy_id where role.name = 'User'`.execute(
    shared.current.deps.db,
  )
  policiesOfUser = rows.map(({ policy }) => policy)
}, 60_000)

const keysOf = new WeakMap<Person, Promise<Record<NarrowScope, Record<string, string>>>>()
function keys(person: Person) {
  if (!keysOf.has(person)) keysOf.set(person, narrowKeys(person))
  return keysOf.get(person)!
}

const guarded = endpoints.filter(({ access }) => access.whose !== 'anyone')
const brandsInUse = new Set(endpoints.flatMap(({ positions }) => positions.map(({ brand }) => brand)))

test('every brand of an id has a resource of somebody else', () => {
  const brands = Object.values(ids).flatMap((schema) => {
    const brand = schema instanceof z.ZodType ? schema.meta()?.['resourceId'] : undefined
    return typeof brand === 'string' ? [brand] : []
  })
  expect(brands.toSorted()).toEqual(Object.keys(world.foreign).toSorted())
  expect([...brandsInUse].filter((brand) => !brands.includes(brand))).toEqual([])
})

test('what is open to anyone names no resource and asks nobody who they are', async () => {
  const open = endpoints.filter(({ access }) => access.whose === 'anyone')
  expect(open.map(({ name }) => name).toSorted()).toEqual([...anyonesEndpoints].toSorted())
  for (const { name, positions } of open) {
    expect(positions, name).toEqual([])
    expect((await send(shared.current, {}, name, {})).problem?.code, name).not.toBe('auth.required')
  }
})

describe.each(guarded)('$name', (endpoint) => {
  test('is refused to whoever may not, tells a stranger nothing, and serves its owner', async () => {
    const calls = await callsOf(endpoint)
    await settle(world)
    // Made before the state is read: keys are rows too.
    for (const { as } of calls) await keys(as)
    const before = await stateOf(world)
    for (const call of calls) {
      await refusesBadCredentials(endpoint, call)
      await refusesNarrowKeys(endpoint, call)
      await refusesRoles(endpoint, call)
      await refusesIds(endpoint, call)
    }
    expect(await stateOf(world), `a refused ${endpoint.name} changed something`).toEqual(before)
    for (const call of calls) await serves(endpoint, call)
  }, 60_000)
})

async function callsOf({ name, positions }: WalkedEndpoint): Promise<FixtureCall[]> {
  const fixture = fixtures[name as keyof typeof fixtures]
  expect(fixture, `${name} has no fixture`).toBeDefined()
  const calls = [await fixture(world)].flat()
  for (const { path } of positions) {
    const values = calls.map(({ input }) => valueAt(input, path))
    expect(
      values.some((value) => typeof value === 'string'),
      `no fixture of ${name} fills ${path.join('.')}`,
    ).toBe(true)
  }
  return calls
}

async function refused(
  endpoint: WalkedEndpoint,
  headers: Record<string, string>,
  input: FixtureCall['input'],
  code: ErrorCode,
  what: string,
) {
  const { status, problem } = await send(shared.current, headers, endpoint.name as EndpointName, input)
  expect({ status, code: problem?.code }, `${endpoint.name} with ${what}`).toEqual({ status: errorTable[code].status, code })
}

async function refusesBadCredentials(endpoint: WalkedEndpoint, { as, input }: FixtureCall) {
  for (const { what, headers, code } of bad) await refused(endpoint, headers, input, code, what)
  if (endpoint.method === 'GET') return
  const { cookie } = browserOf(shared.current, as) as { cookie: string }
  await refused(endpoint, { cookie, origin: 'https://elsewhere.example' }, input, 'request.cross_site', 'the cookie, from another site')
  await refused(
    endpoint,
    { cookie, 'sec-fetch-site': 'cross-site', origin: 'null' },
    input,
    'request.cross_site',
    'the cookie, from a frame',
  )
  await refused(endpoint, { cookie }, input, 'request.cross_site', 'a cookie that came from nowhere')
}

/** A scope is a policy: a key has to have the one that the endpoint names. */
async function refusesNarrowKeys(endpoint: WalkedEndpoint, { as, input }: FixtureCall) {
  const held = await keys(as)
  for (const scope of narrowScopes.filter((one) => !matches([one], endpoint)))
    await refused(endpoint, held[scope], input, 'auth.scope_missing', `a key for ${scope}`)
}

async function refusesRoles(endpoint: WalkedEndpoint, { input }: FixtureCall) {
  const { alice, member } = world
  if (endpoint.access.whose === 'system')
    await refused(endpoint, browserOf(shared.current, alice), input, 'auth.forbidden', 'the role User of the system')
  if (endpoint.access.whose === 'workspace' && !matches(policiesOfUser, endpoint))
    await refused(endpoint, browserOf(shared.current, member), input, 'auth.forbidden', 'the role User of the workspace')
}

function matches(policies: readonly string[], { access: { resource, action } }: WalkedEndpoint): boolean {
  return policiesOfScopes(policies).some((policy) => [`${resource}:${action}`, `${resource}:*`, '*:*'].includes(policy))
}

/** Foreign and missing are one answer, to the letter. */
async function refusesIds({ name, access, positions }: WalkedEndpoint, { as, input }: FixtureCall) {
  for (const { path, brand } of positions) {
    if (valueAt(input, path) === undefined) continue
    const at = `${name} at ${path.join('.')}`
    const answerTo = (id: string) => send(shared.current, browserOf(shared.current, as), name as EndpointName, withValueAt(input, path, id))
    const missing = await answerTo(missingId())
    expect(missing, `${at}, of nothing`).toMatchObject({ status: 404, problem: { code: `${brand}.not_found` } })
    // Nothing is foreign to who administers the system.
    if (access.whose === 'system') continue
    for (const id of world.foreign[brand]!) expect(await answerTo(id), `${at}, of somebody else`).toEqual(missing)
    expect(await answerTo('not-an-id'), `${at}, no id`).toMatchObject({ status: 422, problem: { code: 'request.invalid' } })
  }
}

/** With the narrowest key that must do, where there is one. */
async function serves(endpoint: WalkedEndpoint, { as, input }: FixtureCall) {
  const scope = narrowScopes.find((one) => matches([one], endpoint))
  const headers = scope ? (await keys(as))[scope] : browserOf(shared.current, as)
  const answer = await send(shared.current, headers, endpoint.name as EndpointName, input)
  expect(answer, `${endpoint.name} by its owner${scope ? ` with a key for ${scope}` : ''}`).toMatchObject({ problem: undefined })
}

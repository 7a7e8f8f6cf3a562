import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { installZip, manifestOf, nodeTools, packageZip, pythonTools, sha256Of } from '../support/package.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { type Person, startTestApp, type TestApp } from '../support/test-app.ts'
import { eventually, scripted } from '../support/turn-client.ts'

const provider = await startProviderServer()
const browser = useBrowser()
let app: TestApp
let admin: Person
let dir: string
let gallery = '{"packages":[]}'
let galleryZip: Buffer
const files = createServer((request, response) => {
  if (request.url === '/gallery.json') response.end(gallery)
  else if (request.url === '/tides.zip') response.end(galleryZip)
  else response.writeHead(404).end()
})
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packages-'))
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  const at = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  galleryZip = await packageZip({ id: 'org.example.gallery', tools: pythonTools })
  const entry = { id: 'org.example.gallery', name: 'Snakes', description: 'Greets in Python', version: '1.0.0', author: 'Ada Example' }
  gallery = JSON.stringify({ packages: [{ ...entry, source: { url: `${at}/tides.zip` }, sha256: sha256Of(galleryZip) }] })
  app = await startTestApp({
    env: {
      OPENAI_API_KEY: 'sk-test-0000',
      OPENAI_BASE_URL: provider.baseUrl('openai'),
      EGRESS_ALLOW: '127.0.0.1',
      PACKAGE_GALLERY: `${at}/gallery.json`,
    },
  })
  admin = await app.admin()
  await app.app.listing?.firstRound
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  files.closeAllConnections()
  files.close()
  await provider.close()
  await rm(dir, { recursive: true })
})

const button = (scope: Page | Locator, name: string | RegExp): Locator => scope.getByRole('button', { name, exact: true })
const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

async function saved(name: string, zip: Buffer): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, zip)
  return path
}

/** One answer of the agent, whose model calls the tool. */
async function ask(page: Page, agentId: string, tool: string, args: object): Promise<void> {
  const { models } = await admin.get('models.list', { workspaceId: admin.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const { id } = await admin.get('conversations.create', { workspaceId: admin.workspaceId, agentId, modelId })
  await page.goto(`${app.url}/c/${id}`)
  const text = scripted({ toolRounds: [[{ name: tool, arguments: args }]], text: 'That is what it said.' })
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  // On a phone the key makes a new line.
  await button(page, 'Send').click()
  await page.getByText('That is what it said.', { exact: true }).waitFor()
}

const ready = (serverId: string | null, toolCount: number) =>
  eventually(
    () => admin.get('mcpServers.get', { id: serverId! }),
    (server) => server.status === 'connected' && server.toolCount === toolCount,
  )

test('a package from a file is looked at, agreed to, answers with its tool, and is updated, rolled back and deleted', async () => {
  const page = await browser.open(app, admin, '/agents')
  await button(page, 'Install a package').first().click()
  await page.getByRole('radio', { name: /^A file/ }).check()
  expect(await accessibilityProblems(page)).toEqual([])
  await button(page, 'Look at it').click()
  await page.getByText('Choose a file.').waitFor()
  await page
    .getByLabel('ZIP archive', { exact: true })
    .setInputFiles(await saved('bad.zip', await packageZip({ files: { 'manifest.yaml': `${manifestOf()}sudo: true\n` } })))
  await button(page, 'Look at it').click()
  await page
    .getByText(/“sudo” is not known here/)
    .first()
    .waitFor()
  await look(page, 'packages-bad')
  await page
    .getByLabel('ZIP archive', { exact: true })
    .setInputFiles(await saved('tides.zip', await packageZip({ tools: nodeTools.replace('required: false', 'required: true') })))
  await button(page, 'Look at it').press('Enter')
  await page.getByRole('heading', { name: 'Tides 1.0.0' }).waitFor()
  await page.getByText('Ada Example').waitFor()
  await page.getByText('No network', { exact: true }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'packages-summary')
  await button(page, 'Install').click()
  await page.getByText('It is installed only if you agree.').waitFor()
  await page.getByText('This value is needed.').waitFor()
  await page.getByLabel('GREETER').fill('the harbour')
  await page.getByText('I agree that it may do this').click()
  await button(page, 'Install').click()
  await page.getByText('Tides is installed').waitFor()
  const section = page.getByRole('region', { name: 'Packages' })
  await section.getByText(/^1\.0\.0, installed .* by admin/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'packages-agent')

  const agentId = new URL(page.url()).pathname.split('/').at(-1)!
  const [installed] = await admin.get('agentPackages.list', { agentId })
  await ready(installed!.serverId, 6)
  await ask(page, agentId, 'tides__greet', { name: 'Ben' })
  await look(page, 'packages-answer')
  const sent = provider.requests.at(-1)!.body
  expect(JSON.stringify(sent)).toContain('Hello Ben, from the harbour')

  await page.goto(`${app.url}/agents/${agentId}`)
  await button(section, 'More about Tides').click()
  await page.getByRole('menuitem', { name: 'Update' }).click()
  const more = `${nodeTools.replace('required: false', 'required: true')}    - { name: unlisted, description: Does more, permission: ask }\n`
  await page
    .getByLabel('ZIP archive', { exact: true })
    .setInputFiles(await saved('next.zip', await packageZip({ version: '1.1.0', tools: more })))
  await button(page, 'Look at it').click()
  await page.getByText('New tools: unlisted').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'packages-update')
  await page.getByText('I agree that it may do this').click()
  await button(page, 'Update to 1.1.0').click()
  await page.getByText('Tides is now version 1.1.0').waitFor()
  await section.getByText(/^1\.1\.0, installed/).waitFor()

  await button(section, 'More about Tides').click()
  await page.getByRole('menuitem', { name: 'Versions' }).click()
  const versions = page.getByRole('dialog', { name: 'Versions of Tides' })
  await versions.getByText('Tides updated to 1.1.0').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'packages-versions')
  await button(versions, 'Roll back to 1.0.0').click()
  await section.getByText(/^1\.0\.0, installed/).waitFor()
  await ready(installed!.serverId, 6)

  await button(section, 'More about Tides').click()
  await page.getByRole('menuitem', { name: 'Delete …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete Tides?' })
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'packages-delete')
  await button(dialog, 'Delete').click()
  await section.getByText('No package is installed in this agent.').waitFor()
  expect((await admin.get('agents.get', { id: agentId })).current.instructions).toBe('')
})

test('on a phone, in the dark: the gallery is looked through, and its package in Python goes into an agent that is there', async () => {
  const agent = await admin.get('agents.create', { workspaceId: admin.workspaceId, name: 'Guide', instructions: 'Be brief.' })
  const page = await browser.open(app, admin, `/agents/install?agent=${agent.id}`, { width: 390, colorScheme: 'dark' })
  await page.getByText('Greets in Python').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'packages-gallery-phone')
  await button(page, 'Look at it: Snakes').click()
  await page.getByRole('heading', { name: 'Tides 1.0.0' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'packages-summary-phone')
  expect(await page.getByLabel('Agent', { exact: true }).inputValue()).toBe(agent.id)
  await page.getByText('I agree that it may do this').click()
  await button(page, 'Install').click()
  await page
    .getByRole('region', { name: 'Packages' })
    .getByText(/installed .* by admin/)
    .waitFor()
  await look(page, 'packages-agent-phone')
  const [installed] = await admin.get('agentPackages.list', { agentId: agent.id })
  const { slug } = await ready(installed!.serverId, 1)
  await ask(page, agent.id, `${slug}__greet`, { name: 'Dido' })
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('Hello Dido, from a snake')
})

test('a gallery that is away says so, members are not offered what they may not do, and another device sees what was installed', async () => {
  const agent = await admin.get('agents.create', { workspaceId: admin.workspaceId, name: 'Watched', visibility: 'workspace' })
  const watching = await browser.open(app, admin, `/agents/${agent.id}`)
  await watching.getByText('No package is installed in this agent.').waitFor()
  await installZip(admin, await packageZip({ id: 'org.example.live', tools: null }), { agentId: agent.id })
  await watching.getByText('from the file tides.zip').waitFor()

  const [member] = await app.people('mel')
  const page = await browser.open(app, member, '/agents/install')
  await page.getByText('Packages run programs on this server').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.goto(`${app.url}/agents`)
  await button(page, 'New agent').first().waitFor()
  expect(await button(page, 'Install a package').count()).toBe(0)

  const kept = gallery
  gallery = 'nonsense'
  await using elsewhere = await startTestApp({
    env: { EGRESS_ALLOW: '127.0.0.1', PACKAGE_GALLERY: `http://127.0.0.1:${(files.address() as AddressInfo).port}/gallery.json` },
  })
  const other = await browser.open(elsewhere, await elsewhere.admin(), '/agents/install')
  await other.getByText('The gallery of packages could not be read.').waitFor()
  await other.getByText(/It is not JSON\./).waitFor()
  await look(other, 'packages-gallery-bad')
  gallery = kept
  await button(other, 'Try again').click()
  await other.getByText('Greets in Python').waitFor()
})

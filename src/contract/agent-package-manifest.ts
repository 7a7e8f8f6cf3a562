import { z } from 'zod'
import { agentLimits } from './agent-choices.ts'

const word = (max: number) => z.string().trim().min(1).max(max)

/** A file in the package: relative, with `/`, and below it. */
const PackagePath = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (path) => !/^\/|\\|\0|^[A-Za-z]:/.test(path) && !path.split('/').some((part) => ['', '.', '..'].includes(part)),
    'must be a path inside of the package',
  )

const Version = z
  .string()
  .max(100)
  .regex(
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/,
    'must be a version such as 1.2.0 (semver)',
  )

const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'letters, digits and underscores only')
  .refine((name) => !/^(PATH|HOME|TMPDIR|LANG|PACKAGE_DIR|NODE_.*|PYTHON.*|LD_.*|DYLD_.*)$/i.test(name), 'is set by the server')

const Host = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be the name of a host, in small letters')

export const PackageTool = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and - only')
    .describe('As the program lists it.'),
  description: word(500).describe('What it does, for who is asked for consent.'),
  permission: z.enum(['allow', 'ask', 'deny']).default('ask').describe('allow: it runs without asking. ask: a person decides each time.'),
})

export const PackageEnv = z.strictObject({
  name: EnvName,
  description: word(300),
  secret: z.boolean().default(true).describe('Whether it is typed without being shown.'),
  required: z.boolean().default(true),
})

const unique = <Item>(key: (item: Item) => string) =>
  [(items: readonly Item[]) => new Set(items.map(key)).size === items.length, 'each name once'] as const

export const PackageTools = z.strictObject({
  runtime: z.enum(['node', 'python']).describe('What runs the program.'),
  entry: PackagePath.describe('The file that is run: an MCP server on standard input and output.'),
  args: z
    .array(
      z
        .string()
        .max(1000)
        .refine((arg) => !arg.includes('\0'), 'holds a character that no program can be given'),
    )
    .max(50)
    .default([]),
  env: z
    .array(PackageEnv)
    .max(50)
    .refine(...unique<{ name: string }>(({ name }) => name))
    .default([])
    .describe('Values that whoever installs the package gives. The program knows no other environment.'),
  network: z.array(Host).max(20).default([]).describe('Hosts that it may reach, by HTTPS. None: no network.'),
  offers: z
    .array(PackageTool)
    .min(1)
    .max(100)
    .refine(...unique<{ name: string }>(({ name }) => name))
    .describe('The tools. What the program lists beside them is not offered.'),
})

/** `manifest.yaml` of an agent package. What is not named here is refused. */
export const PackageManifest = z.strictObject({
  id: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'small letters and digits, with . and - between')
    .describe('Stays the same through all versions, as org.example.tides.'),
  name: word(agentLimits.name),
  description: word(agentLimits.description),
  version: Version,
  author: word(200).optional(),
  licence: word(100).optional().describe('As SPDX names it.'),
  instructions: z
    .union([z.string().max(50_000), z.strictObject({ file: PackagePath })])
    .optional()
    .describe('What the agent is told: a text, or a file of the package with it.'),
  starters: z.array(word(agentLimits.starter)).max(agentLimits.starters).default([]).describe('First messages that are suggested.'),
  parameters: z
    .strictObject({
      temperature: z.number().min(0).max(2).optional(),
      maxTokens: z.number().int().min(1).max(10_000_000).optional(),
      topP: z.number().min(0).max(1).optional(),
      topK: z.number().int().min(1).max(1000).optional(),
    })
    .default({})
    .describe('Taken by a new agent.'),
  tools: PackageTools.optional(),
})

/** The same as it is kept and shown: the instructions are their text. */
export const ReadManifest = PackageManifest.extend({ instructions: z.string().max(50_000).default('') })
export type ReadManifest = z.infer<typeof ReadManifest>

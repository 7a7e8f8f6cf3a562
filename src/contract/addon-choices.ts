/** The optional parts of the server, in the order in which they are shown. What each costs was measured on Debian 12 where it is a number. */
export const addonDescriptions = {
  'code-javascript': {
    name: 'JavaScript for models',
    description: 'Models may run JavaScript in a sandbox without network, disk or environment (run_code).',
    cost: '75 MB of memory while a program runs and two minutes after, 9 MB of disk.',
  },
  'code-python': {
    name: 'Python for models',
    description: 'Models may run Python with its standard library in a sandbox without network, disk or environment (run_code).',
    cost: '160 MB of memory while a program runs and two minutes after, 14 MB of disk.',
  },
  'tool-programs': {
    name: 'Tool servers that are programs',
    description: 'Workspaces may run MCP servers as programs on this machine, by their standard input and output.',
    cost: 'What each program needs, 40 MB and more; at most 32 run at a time, for five minutes after their last use.',
  },
  'package-tools': {
    name: 'Tools of agent packages',
    description: 'Agents that were installed as packages may run their tools on this machine, confined where it can confine programs.',
    cost: 'What each package needs, 40 MB and more while its tools are used; its files on disk.',
  },
  'database-tools': {
    name: 'Databases as tools',
    description: 'Models may read databases that a workspace has set up: PostgreSQL, MySQL and SQLite.',
    cost: 'Next to nothing while none is asked; a process of 50 MB for each question to SQLite.',
  },
  'web-search': {
    name: 'Web search',
    description: 'Models may search the web with the service that a workspace has set up.',
    cost: 'Nothing on this machine; searches cost what the service asks for them.',
  },
} as const

export type AddonId = keyof typeof addonDescriptions
export const addonIds = Object.keys(addonDescriptions) as AddonId[]

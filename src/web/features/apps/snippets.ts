export const programs = ['claude', 'vscode', 'json', 'key'] as const

/** What a person pastes, in the form that the program reads. */
export function snippetFor(program: (typeof programs)[number], url: string): string {
  const json = (value: object) => JSON.stringify(value, null, 2)
  switch (program) {
    case 'claude':
      return `claude mcp add --transport http parley ${url}`
    case 'vscode':
      return json({ servers: { parley: { type: 'http', url } } })
    case 'json':
      return json({ mcpServers: { parley: { url } } })
    case 'key':
      return json({ mcpServers: { parley: { url, headers: { Authorization: 'Bearer pk_…' } } } })
  }
}

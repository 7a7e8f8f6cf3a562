import { execFile, spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface GitServer extends AsyncDisposable {
  url: string
  /** Commits these files to the branch, and says what the commit is called. `null`: a symbolic link to `/etc/passwd`. */
  commit(files: Record<string, string | Buffer | null>, branch?: string): Promise<string>
  tag(name: string): Promise<void>
  requests: number
}

/** A repository that git itself serves, as hosts of repositories do. */
export async function startGitServer(): Promise<GitServer> {
  const root = await mkdtemp(join(tmpdir(), 'git-server-'))
  const work = join(root, 'work')
  const env = { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' }
  const git = async (...args: string[]) =>
    (await run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: work, env })).stdout.trim()
  await mkdir(work)
  await git('init', '-q', '-b', 'main')
  await git('config', 'uploadpack.allowAnySHA1InWant', 'true')

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const self: GitServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/work/.git`,
    requests: 0,
    async commit(files, branch = 'main') {
      await git('checkout', '-q', '-B', branch).catch(() => undefined)
      for (const [name, content] of Object.entries(files)) {
        const path = join(work, name)
        await mkdir(dirname(path), { recursive: true })
        await (content === null ? symlink('/etc/passwd', path) : writeFile(path, content))
      }
      await git('add', '-A')
      await git('commit', '-q', '-m', 'change')
      return git('rev-parse', 'HEAD')
    },
    tag: async (name) => void (await git('tag', '-a', name, '-m', name)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(root, { recursive: true })
    },
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    self.requests++
    const { pathname, search } = new URL(request.url!, 'http://git')
    const child = spawn('git', ['http-backend'], {
      env: {
        ...env,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'],
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        GIT_PROTOCOL: request.headers['git-protocol'] as string | undefined,
      } as NodeJS.ProcessEnv,
    })
    request.pipe(child.stdin)
    const output = await text(child.stdout.setEncoding('latin1'))
    const end = output.indexOf('\r\n\r\n')
    const headers = Object.fromEntries(
      output
        .slice(0, end)
        .split('\r\n')
        .map((line) => line.split(': ') as [string, string]),
    )
    const { Status: status = '200 OK', ...others } = headers
    response.writeHead(Number.parseInt(status, 10), others).end(Buffer.from(output.slice(end + 4), 'latin1'))
  }

  return self
}

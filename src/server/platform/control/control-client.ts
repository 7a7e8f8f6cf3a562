import { connect, type Socket } from 'node:net'
import { readLine } from './read-line.ts'

export type ControlAnswer = { result: unknown } | { refusal: string }

const maxAnswerBytes = 16 * 1024 * 1024

/** Asks the server that listens at `path`; undefined where none does. Throws when it goes away before it has answered. */
export async function callControl(path: string, command: string, input: unknown): Promise<ControlAnswer | undefined> {
  const socket = await open(path)
  if (!socket) return undefined
  try {
    socket.write(`${JSON.stringify({ command, input })}\n`)
    const line = await readLine(socket, maxAnswerBytes)
    if (line === undefined) throw new Error('The server stopped before it answered.')
    return JSON.parse(line) as ControlAnswer
  } finally {
    socket.destroy()
  }
}

/** A socket whose server was killed is there and refuses. */
function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      socket.on('error', () => socket.destroy())
      resolve(socket)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const isAbsent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTSOCK' || error.code === 'ENOTDIR'
      if (isAbsent) resolve(undefined)
      else
        reject(
          error.code === 'EACCES' ? new Error(`Another user runs the server of this data directory (${path}).`, { cause: error }) : error,
        )
    })
  })
}

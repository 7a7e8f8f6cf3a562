import { join } from 'node:path'

export { callControl, type ControlAnswer } from './control-client.ts'
export { type ControlHandler, type ControlServer, openControlServer } from './control-server.ts'

/** One line of JSON each way over a socket of the file system, which only the owner of the data directory may open. */
export interface ControlRequest {
  command: string
  input: unknown
}

/** Where the server of a data directory listens. */
export function controlSocketOf(dataDir: string): string {
  return join(dataDir, 'control.sock')
}

import { createSandbox } from '../../src/server/platform/sandbox/index.ts'

// A server in the middle of a run that never ends: killed, it leaves the run behind.
const sandbox = createSandbox({ timeoutMs: 4_000, spareMs: 0 })
void sandbox.run('ada', 'javascript', { code: 'for (;;);', files: [] }, new AbortController().signal)

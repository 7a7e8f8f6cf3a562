import { z } from 'zod'
import { PackageManifest } from '../../../contract/agent-package-manifest.ts'

let text: string | undefined

/** The JSON Schema of `manifest.yaml`, for editors and whoever makes packages. */
export function packageSchema(): string {
  return (text ??= JSON.stringify(
    { $id: 'agent-package.json', title: 'manifest.yaml of an agent package', ...z.toJSONSchema(PackageManifest, { io: 'input' }) },
    null,
    2,
  ))
}

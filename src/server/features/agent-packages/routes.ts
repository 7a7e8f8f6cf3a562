import { agentPackages as contract } from '../../../contract/agent-packages.ts'
import { maxPackageBytes } from '../../../contract/package-choices.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { deletePackage, rollBackPackage, updatePackage } from './change-package.ts'
import { listGallery } from './gallery.ts'
import { inspectPackage } from './inspect-package.ts'
import { installPackage } from './install-package.ts'
import type { PackageDeps } from './package-deps.ts'
import { listPackageEvents, listPackages, listPackageVersions } from './read-packages.ts'

/** An archive as text, and what stands around it. */
const maxBodyBytes = Math.ceil((maxPackageBytes * 4) / 3) + 16 * 1024

export const agentPackageRoutes = (deps: PackageDeps): Routes<typeof contract> => ({
  inspect: handle(contract.inspect, (actor, input) => inspectPackage(deps, actor, input), { maxBodyBytes }),
  install: handle(contract.install, (actor, input) => installPackage(deps, actor, input)),
  update: handle(contract.update, (actor, input) => updatePackage(deps, actor, input)),
  list: handle(contract.list, (actor, { agentId }) => listPackages(deps, actor, agentId)),
  versions: handle(contract.versions, (actor, { id }) => listPackageVersions(deps, actor, id)),
  events: handle(contract.events, (actor, { agentId }) => listPackageEvents(deps, actor, agentId)),
  rollBack: handle(contract.rollBack, (actor, input) => rollBackPackage(deps, actor, input)),
  delete: handle(contract.delete, (actor, input) => deletePackage(deps, actor, input)),
  gallery: handle(contract.gallery, (actor) => listGallery(deps, actor)),
})

export { addonRoutes } from './routes.ts'
export { type AddonSwitches, openAddonSwitches } from './switches.ts'

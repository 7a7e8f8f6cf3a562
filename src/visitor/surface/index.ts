export { drawSurface, type SurfaceActions } from './draw-surface.ts'

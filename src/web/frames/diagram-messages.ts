/** What is said between a page and the frame that draws its diagrams. */
export interface DiagramRequest {
  id: number
  text: string
  isDark: boolean
}

export type DiagramAnswer =
  | { id: number; svg: string; width: number; height: number; title: string }
  /** Not one that can be read; in the drawing program's own words. */
  | { id: number; error: string }

/** The frame listens. */
export const diagramsReady = 'diagrams-ready'

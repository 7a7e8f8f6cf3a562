import type { InlineConfig, Plugin } from 'vite'

const address = '/frames/diagram.js'
const source = 'src/web/frames/diagram.ts'

/** What runs in frames without an origin, beside the web app in one folder. Built apart: nothing of the app may come along. */
export const framesBuild = (root: string): InlineConfig => ({
  root: `${root}/src/web/frames`,
  configFile: false,
  publicDir: false,
  build: {
    emptyOutDir: false,
    target: 'es2023',
    reportCompressedSize: false,
    // A library, since an application gets a loader of chunks along that writes style sheets and links into the document.
    lib: { entry: { 'frames/diagram': `${root}/${source}` }, formats: ['es'], fileName: (_, entry) => `${entry}.js` },
    rolldownOptions: { output: { minify: true, chunkFileNames: 'assets/frames/[name]-[hash].js' } },
  },
})

/** In development the same address leads to the source, with the headers that the server gives it. */
export function frameSources(root: string): Plugin {
  return {
    name: 'parley:frame-sources',
    apply: 'serve',
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _, next) => {
        if (request.url === address) request.url = `/@fs${root}/${source}`
        next()
      })
    },
  }
}

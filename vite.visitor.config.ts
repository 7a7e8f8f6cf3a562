import type { InlineConfig, Plugin } from 'vite'
import { leanSurfaces } from './src/visitor/lean-surfaces-plugin.ts'

/** By the name under which the browser asks for it. Each is built apart, so that each is one script until more is needed. */
export const visitorEntries = { 'visitor/chat': 'chat.ts', 'visitor/widget': 'widget/start-widget.ts', widget: 'widget.ts' } as const

/** What visitors load, beside the web app in one folder. Chunks lie in `assets/visitor/`, which other sites may read. */
export function visitorBuild(root: string, name: keyof typeof visitorEntries): InlineConfig {
  return {
    root: `${root}/src/visitor`,
    configFile: false,
    publicDir: false,
    plugins: [leanSurfaces()],
    build: {
      emptyOutDir: false,
      target: 'es2023',
      reportCompressedSize: false,
      // A library, since an application gets a loader of chunks along that listens and writes on the page around it.
      lib: { entry: { [name]: `${root}/src/visitor/${visitorEntries[name]}` }, formats: ['es'], fileName: (_, entry) => `${entry}.js` },
      rolldownOptions: {
        preserveEntrySignatures: 'allow-extension',
        output: { minify: true, chunkFileNames: 'assets/visitor/[name]-[hash].js' },
      },
    },
  }
}

/** In development the same addresses lead to the sources, which the server of the web app translates. */
export function visitorSources(root: string): Plugin {
  const sources = new Map(Object.entries(visitorEntries).map(([name, file]) => [`/${name}.js`, `/@fs${root}/src/visitor/${file}`]))
  return {
    name: 'parley:visitor-sources',
    apply: 'serve',
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _, next) => {
        request.url = sources.get(request.url ?? '') ?? request.url
        next()
      })
    },
  }
}

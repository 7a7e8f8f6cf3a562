import type { IConfiguration } from 'dependency-cruiser'

// main → app → routes → operations → store → platform → contract. Type imports count. Each rule has a failing example in
// test/architecture/dependency-rules.test.ts. TypeScript 7 has no compiler API that dependency-cruiser knows, hence the parser below: without
// it nothing at all is cruised, and nothing fails.

/** Tests, and suites that several of them share (`*-behaviour.ts`). */
const tests = '(\\.test|\\.test-d|-behaviour)\\.tsx?$'
/** `store.ts`, `tables.ts`, or one of several, as in `task-store.ts`. */
const stores = '^src/server/features/.+[/-](store|tables)\\.ts$'

export const dependencyRules = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other are one file in two places.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycles-between-folders',
      comment: 'Parts of the platform and features do not know each other in a circle, not even by a type.',
      severity: 'error',
      from: { path: '^(src/(?:server|web)/(?:platform|features)/[^/]+)/', pathNot: tests },
      to: { circular: true, via: { pathNot: '^$1/' } },
    },
    {
      name: 'contract-stands-alone',
      comment: 'The contract imports zod and the contract library only: everything else is derived from it.',
      severity: 'error',
      from: { path: '^src/contract/', pathNot: tests },
      to: { pathNot: ['^src/contract/', 'node_modules/(zod|@orpc/contract)/'] },
    },
    {
      name: 'markdown-stands-alone',
      comment: 'The reader of Markdown turns text into values and knows nothing else, so everything that shows text may use it.',
      severity: 'error',
      from: { path: '^src/markdown/', pathNot: tests },
      to: { pathNot: '^src/markdown/' },
    },
    {
      name: 'markdown-is-entered-through-its-door',
      comment: 'The reader of Markdown is used through its index.ts only.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/markdown/', tests] },
      to: { path: '^src/markdown/', pathNot: '^src/markdown/index\\.ts$' },
    },
    {
      name: 'web-knows-the-contract-only',
      comment: 'The web app, the page, the visitor’s chat and the bindings know the server by its contract.',
      severity: 'error',
      from: { path: '^src/(web|page|visitor|bindings)/', pathNot: tests },
      to: { path: '^src/(server|cli)/' },
    },
    {
      name: 'clients-share-what-is-meant-to-be-shared',
      comment: 'The web app draws surfaces as visitors see them; the visitor’s chat uses the page’s templates. They share nothing else.',
      severity: 'error',
      from: { path: '^src/(web|page|visitor|bindings)/', pathNot: tests },
      to: {
        path: '^src/(web|page|visitor|bindings)/',
        pathNot: '^src/($1/|visitor/surface/index\\.ts$|page/index\\.ts$)',
      },
    },
    {
      name: 'server-does-not-import-web',
      comment: 'The server serves the built web app and the visitor’s chat; it imports nothing of them.',
      severity: 'error',
      from: { path: '^src/(server|cli|contract|markdown|page)/' },
      to: { path: '^src/(web|visitor)/' },
    },
    {
      name: 'page-is-entered-through-its-door',
      comment: 'The templates of the public page are used through their index.ts only.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/page/', tests] },
      to: { path: '^src/page/', pathNot: '^src/page/index\\.ts$' },
    },
    {
      name: 'only-their-feature-draws-pages',
      comment:
        'Public pages and shared conversations are drawn by the features that know what may be shown, the chat also in the visitor’s browser; nothing else makes markup.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(page|visitor)/', '^src/server/features/(pages|shares)/', tests] },
      to: { path: '^src/page/' },
    },
    {
      name: 'platform-knows-no-feature',
      comment: 'The platform has no product nouns and takes its settings as arguments.',
      severity: 'error',
      from: { path: '^src/server/platform/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/(contract|server/platform)/' },
    },
    {
      name: 'features-meet-through-their-door',
      comment: 'Another feature is used through its index.ts only.',
      severity: 'error',
      from: { path: '^src/server/features/([^/]+)/', pathNot: tests },
      to: { path: '^src/server/features/[^/]+/', pathNot: ['^src/server/features/$1/', '^src/server/features/[^/]+/index\\.ts$'] },
    },
    {
      name: 'features-are-entered-through-their-door',
      comment:
        'What stands outside the features (app, main, the command line) uses their index.ts; app.ts also mounts their routes and jobs.',
      severity: 'error',
      from: { path: '^src/(server|cli)/', pathNot: ['^src/server/features/', '^src/server/app\\.ts$', tests] },
      to: { path: '^src/server/features/', pathNot: '^src/server/features/[^/]+/index\\.ts$' },
    },
    {
      name: 'features-do-not-know-the-app',
      comment: 'A feature is mounted; it does not reach up to what mounts it.',
      severity: 'error',
      from: { path: '^src/server/features/', pathNot: tests },
      to: { path: '^src/server/(app|main)\\.ts$' },
    },
    {
      name: 'surfaces-call-operations',
      comment: 'Routes, jobs and tools wrap operations; they never touch a store or its tables.',
      severity: 'error',
      from: { path: '^src/server/features/[^/]+/(routes|jobs|tools)\\.ts$' },
      to: { path: stores },
    },
    {
      name: 'operations-do-not-know-routes',
      comment: 'Only app.ts and the feature’s own door mention routes.',
      severity: 'error',
      from: { path: '^src/server/features/', pathNot: ['/index\\.ts$', tests] },
      to: { path: '^src/server/features/[^/]+/routes\\.ts$' },
    },
    {
      name: 'stores-are-at-the-bottom',
      comment:
        'A store holds SQL. It imports the platform, the contract and tables, nothing that decides (a shape of what it keeps may be a type elsewhere).',
      severity: 'error',
      from: { path: stores },
      to: { path: '^src/server/', pathNot: ['^src/server/platform/', stores], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sources-do-not-import-tests',
      comment: 'What ships does not depend on what tests it.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: ['^(test|bench|scripts)/', tests] },
    },
    {
      name: 'no-development-packages',
      comment: 'npm start installs without development packages.',
      severity: 'error',
      from: { path: '^(src/|scripts/(setup|build))', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'nothing-unresolved',
      comment: 'Every import leads to a file or an installed package that package.json names.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|vite/client$)' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|\\.cache)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
} satisfies IConfiguration

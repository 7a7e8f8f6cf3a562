export { fetchGitTree, type TreeRequest } from './fetch-tree.ts'
export { GitFailure } from './git-failure.ts'

export { findInterpreter, findRuntime, type Runtime, type RuntimeName } from './find-runtime.ts'

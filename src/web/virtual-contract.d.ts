declare module 'virtual:contract' {
  /** Methods and paths of every endpoint, without schemas. */
  export const routes: import('@orpc/contract').AnyContractRouter
  export const errorTable: Record<import('../contract/errors.ts').ErrorCode, { status: number; message: string; action: string }>
}

/** Every call of a model carries all that it may call. */
export const maxOperations = 100

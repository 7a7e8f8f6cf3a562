export const maxMemoryLength = 1000

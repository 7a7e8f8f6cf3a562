/** The largest part of a file that one request brings. */
export const maxImportPartBytes = 8 * 1024 * 1024

export const importOutcomes = ['imported', 'extended', 'unchanged', 'skipped', 'failed'] as const

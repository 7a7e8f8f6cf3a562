/** The largest part of a file that one request brings. */
export const maxImportPartBytes = 8 * 1024 * 1024

export const importOutcomes = ['imported', 'extended', 'unchanged', 'skipped', 'failed'] as const

export const importNotes = [
  'unread_files',
  'hidden_messages',
  'files_left_out',
  'unknown_content',
  'missing_parents',
  'circles',
  'duplicate_ids',
  'texts_cut',
  'times_replaced',
] as const

// What a model is told of a call that has no result of its tool.

export const deniedHere = 'This tool may not be used here.'

export const deniedByUser = 'The user did not allow this tool. Go on without it, and do not call it again for the same purpose.'

export const cancelledResult =
  'The user cancelled this call while it ran. It may have taken effect in part. Go on without it, and do not call it again for the same purpose.'

export const interruptedResult =
  'The server was interrupted while this tool ran. It is not known whether it took effect, so it was not run again. Check before you repeat it, or ask the user.'

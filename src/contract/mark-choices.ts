// What readers may add to messages, as values alone: the web app ships these and not the schemas, which would bring all of zod along.

export const maxFeedbackReasonLength = 1000

export const highlightKinds = ['text', 'code'] as const
export const highlightColors = ['yellow', 'green', 'blue', 'pink'] as const
export const maxQuoteLength = 5000
export const quoteContextLength = 48
export const maxNoteLength = 2000

/** At the end of text that is still being written: a line of marks alone says nothing yet, and the first line of a table is not a sentence. */
const undecided = /(?:^|\n)(?:[ \t]*(?:[-=*_+>#~`:$]+|\d{1,9}[.)]?)[ \t]*|(?:(?<=^|\n\n)\|[^\n]*\n?[|:\- \t]*))$/

/** What of a growing text may be shown already, without its end turning into something else a moment later. */
export const withoutUndecided = (text: string): string => text.replace(undecided, '')

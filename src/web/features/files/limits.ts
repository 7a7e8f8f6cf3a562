/** As in the contract, whose schemas are not shipped to the browser; a test compares the two. */
export const maxAttachments = 20

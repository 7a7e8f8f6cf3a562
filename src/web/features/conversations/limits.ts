/** As in the contract, whose schemas are not shipped to the browser; a test compares the two. */
export const maxMessageLength = 1_000_000

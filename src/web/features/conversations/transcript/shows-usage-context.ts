import { createContext } from 'react'

/** Whether what an answer has used stands below it for good, and not only while somebody points at it. */
export const ShowsUsage = createContext(false)

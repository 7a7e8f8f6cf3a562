/** In the store of a tab that was opened to connect to a tool server: it has done its work when somebody comes back to it. */
export const connectMark = 'parley.connects'

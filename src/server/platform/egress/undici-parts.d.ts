/*
 * Only the agent and the connector are loaded: the package's own entry also brings fetch, WebSocket, caches and mocks, which cost 13 MB and are not used here.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici'
}

declare module 'undici/lib/core/connect.js' {
  export { buildConnector as default } from 'undici'
}

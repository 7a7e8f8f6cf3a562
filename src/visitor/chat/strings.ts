/** What the chat says by itself once a script runs. What it says without one stands with the page's templates. */
export const words = {
  you: 'You: ',
  bot: 'Answer: ',
  sendLater: 'Will be sent when the connection is back.',
  offline: 'No connection. What you write is kept and sent when it is back.',
  stop: 'Stop the answer',
  stopping: 'Stopping…',
  latest: 'Latest',
  ended: 'This conversation ended.',
  startNew: 'Start a new one',
  open: 'You have a conversation here.',
  show: 'Show it',
  person: 'A person',
}

/** Of the widget. */
export const widgetWords = {
  open: (name: string) => `Chat with ${name}`,
  close: 'Close the chat',
  failed: 'The chat could not be loaded. Please try again.',
}

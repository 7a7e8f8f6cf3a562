/** Everything the page says by itself. What its owner wrote is not here. */
export const words = {
  links: 'Links',
  elsewhere: 'Elsewhere',
  email: 'E-mail',
  questions: 'Questions and answers',
  chat: {
    label: (name: string) => `Chat with ${name}`,
    log: 'Conversation',
    you: 'You: ',
    bot: 'Answer: ',
    personFallback: 'A person',
    write: 'Your message',
    placeholder: 'Ask something',
    send: 'Send',
    hint: 'Answers by AI may be wrong.',
    back: (name: string) => `Back to ${name}`,
    writing: 'The answer is still being written. Reload the page in a moment.',
  },
  describes: (name: string) => `Links and answers from ${name}.`,
  missing: {
    title: 'There is no page here.',
    text: 'It may have moved, or it is not public yet. Check the address for a slip of the finger, or ask whoever gave it to you.',
  },
}

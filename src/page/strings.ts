/** Everything the page says by itself. What its owner wrote is not here. */
export const words = {
  links: 'Links',
  elsewhere: 'Elsewhere',
  email: 'E-mail',
  questions: 'Questions and answers',
  describes: (name: string) => `Links and answers from ${name}.`,
  missing: {
    title: 'There is no page here.',
    text: 'It may have moved, or it is not public yet. Check the address for a slip of the finger, or ask whoever gave it to you.',
  },
}

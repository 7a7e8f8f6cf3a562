import { translator } from '../../strings/translate.ts'

export const s = translator({
  title: 'Search',
  label: 'Search in your conversations',
  placeholder: 'Words, or “a phrase”',
  'model.label': 'Model',
  'model.any': 'Any model',
  'agent.label': 'Agent',
  'agent.any': 'Any agent',
  'when.label': 'When',
  'when.any': 'Any time',
  'when.week': 'Last 7 days',
  'when.month': 'Last 30 days',
  'when.year': 'Last 12 months',
  'when.older': 'More than a year ago',
  results: 'Messages',
  'results.count': { one: '{count} message', other: '{count} messages' },
  'results.more': 'The best {count}. More words find fewer.',
  you: 'You',
  model: 'Model',
  'start.title': 'Everything you wrote and were answered',
  'start.text':
    'All words have to be in a message, in any of their forms. Words in quotation marks stand together. What was just said is found a few seconds later.',
  'none.title': 'No message says “{query}”',
  'none.text': 'Fewer words, or another spelling, may find it.',
  'none.filters': 'Nothing in what the filters leave.',
  'none.clear': 'Search everywhere',
})

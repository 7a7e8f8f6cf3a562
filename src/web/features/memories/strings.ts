import { translator } from '../../strings/translate.ts'

export const m = translator({
  intro:
    'What models keep of you for later conversations, and tell nobody else. It is used where you talk with a model alone: not in conversations that others read, nor in temporary ones.',
  on: 'Remember things between conversations',
  'on.help':
    'Each time something is kept, the answer shows it. Switched off, models are told nothing from this list and add nothing to it; what is there stays.',
  'switch.failed': 'Memory was not switched.',
  add: 'Add something',
  'empty.title': 'Nothing is remembered',
  'empty.text': 'Tell a model “remember that …”, or write something here that it should know.',
  list: 'What is remembered',
  from: 'From',
  'from.you': 'Written by you',
  untitled: 'Untitled',
  agent: 'For one agent',
  'edit.label': 'Change “{text}”',
  'edit.title': 'Change what is remembered',
  'erase.label': 'Erase “{text}”',
  erased: 'Erased',
  'erase.failed': 'It was not erased.',
  'undo.failed': 'It could not be brought back.',
  text: 'What a model should know',
  'text.help': 'One thing, as a sentence: “I write British English.”',
  'text.missing': 'Write what is to be remembered.',
  'add.title': 'Add something to remember',
  'add.submit': 'Remember',
  'clear.action': 'Erase everything',
  'clear.title': 'Erase everything that is remembered?',
  'clear.text': 'All {count} entries of this workspace are erased. This cannot be undone.',
  cleared: 'Everything was erased',
})

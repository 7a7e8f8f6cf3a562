import { translator } from '../../strings/translate.ts'

export const a = translator({
  title: 'Runtimes and addons',
  intro: 'What this machine can run for tools, and the parts of the server that can be done without.',
  'addons.title': 'Addons',
  'addons.intro':
    'A part that is switched off is offered to nobody, what it runs ends, and calls to it are refused, in every process and at once.',
  'switch.failed': '{name} could not be switched',
  'switched.off': '{name} is switched off.',
  'switched.on': '{name} is switched on.',
  version: 'Version {version}',
  cost: 'Costs: {cost}',
  'runtimes.title': 'Runtimes',
  'runtimes.intro': 'What tool servers that are programs are written in, found where the server looks for programs.',
  'runtimes.looking': 'Looking for them …',
  python: 'Python',
  node: 'Node.js',
  confinement: 'Confinement',
  'confinement.available': 'Programs of others can be kept from this machine (bubblewrap).',
  'confinement.missing': 'Programs of others cannot be kept from this machine.',
  installed: 'Installed',
  missing: 'Missing',
  launchers: 'With {names}',
  'how-to-get': 'How to get it: {how}',
  again: 'Look again',
})

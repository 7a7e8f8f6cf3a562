import { t } from '../strings/index.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { openOverlay } from './overlays.ts'
import './shortcut-sheet.css'

const groups = [
  {
    title: 'shortcuts.everywhere',
    rows: [
      ['shortcuts.palette', ['Mod K']],
      ['shortcuts.new', ['Mod Shift O']],
      ['shortcuts.sidebar', ['Mod B']],
      ['shortcuts.settings', ['Mod ,']],
      ['shortcuts.toasts', ['F6']],
      ['shortcuts.sheet', ['?']],
    ],
  },
  {
    title: 'shortcuts.writing',
    rows: [
      ['shortcuts.send', ['Enter']],
      ['shortcuts.break', ['Shift Enter']],
      ['shortcuts.edit_last', ['↑']],
      ['shortcuts.stop', ['Esc']],
      ['shortcuts.prompt', ['/']],
      ['shortcuts.prompt.insert', ['Mod Enter']],
    ],
  },
  {
    title: 'shortcuts.message',
    rows: [
      ['shortcuts.message.move', ['J', 'K']],
      ['shortcuts.message.copy', ['C']],
      ['shortcuts.message.edit', ['E']],
      ['shortcuts.message.again', ['R']],
      ['shortcuts.message.highlight', ['H']],
      ['shortcuts.message.quote', ['Q']],
    ],
  },
  {
    title: 'shortcuts.list',
    rows: [
      ['shortcuts.list.move', ['↓', '↑']],
      ['shortcuts.list.rename', ['F2']],
      ['shortcuts.list.delete', ['Delete']],
    ],
  },
] as const

export function ShortcutSheet() {
  return (
    <Dialog open onOpenChange={(open) => !open && openOverlay(null)} title={t('shortcuts.title')} width="m">
      <div className="shortcut-sheet">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{t(group.title)}</h3>
            <dl>
              {group.rows.map(([label, keys]) => (
                <div key={label}>
                  <dt>{t(label)}</dt>
                  <dd>
                    {keys.map((key) => (
                      <Kbd key={key} keys={key} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

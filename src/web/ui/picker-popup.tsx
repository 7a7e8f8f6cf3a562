import { Combobox } from '@base-ui/react/combobox'
import { Check } from 'lucide-react'
import type { PickerItem, PickerProps } from './picker.tsx'
import type { PopupProps } from './popup-trigger.tsx'
import './picker.css'
import './popup.css'

export function PickerPopup({
  popup,
  label,
  groups,
  value,
  onChange,
  placeholder,
  empty,
  side = 'bottom',
  align = 'start',
  footer,
}: Omit<PickerProps, 'trigger'> & { popup: PopupProps }) {
  const sections = groups.map((group) => ({ value: group.label, items: [...group.items] }))
  const chosen = groups.flatMap((group) => group.items).find((item) => item.value === value) ?? null
  return (
    <Combobox.Root
      open={popup.isOpen}
      onOpenChange={popup.onOpenChange}
      onOpenChangeComplete={(open) => !open && popup.onClosed()}
      items={sections}
      value={chosen}
      onValueChange={(item: PickerItem | null) => item && onChange(item.value)}
      itemToStringLabel={(item: PickerItem) => item.label}
      itemToStringValue={(item: PickerItem) => item.value}
      isItemEqualToValue={(a: PickerItem, b: PickerItem) => a.value === b.value}
      filter={(item: PickerItem, typed: string) => matches(item, typed)}
      autoHighlight
    >
      <Combobox.Portal>
        <Combobox.Positioner anchor={popup.anchor} side={side} align={align} sideOffset={6} className="popup-positioner">
          <Combobox.Popup className="popup picker" aria-label={label} finalFocus={false}>
            <Combobox.Input className="picker-search" placeholder={placeholder} aria-label={label} />
            <Combobox.Empty className="picker-empty">{empty}</Combobox.Empty>
            <Combobox.List className="picker-list">
              {(group: { value: string; items: PickerItem[] }) => (
                <Combobox.Group key={group.value} items={group.items}>
                  {group.value !== '' && <Combobox.GroupLabel className="menu-label">{group.value}</Combobox.GroupLabel>}
                  <Combobox.Collection>
                    {(item: PickerItem) => (
                      <Combobox.Item key={item.value} value={item} className="menu-item">
                        {item.picture}
                        <span className="menu-item-label">
                          {item.label}
                          {item.detail && <span className="menu-item-detail">{item.detail}</span>}
                        </span>
                        <Combobox.ItemIndicator>
                          <Check size={16} strokeWidth={2} aria-hidden />
                        </Combobox.ItemIndicator>
                      </Combobox.Item>
                    )}
                  </Combobox.Collection>
                </Combobox.Group>
              )}
            </Combobox.List>
            {footer && <div className="picker-footer">{footer}</div>}
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}

/** Every typed word somewhere in the label or the keywords, in any order. */
function matches(item: PickerItem, typed: string): boolean {
  const text = `${item.label} ${item.keywords ?? ''}`.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

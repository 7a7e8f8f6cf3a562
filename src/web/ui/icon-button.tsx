import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import './button.css'
import { WithTooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon
  /** What it does: its name for assistive technology and the text of its tooltip. */
  label: string
  /** As pressed, e.g. `Mod Shift O`; shown in the tooltip. */
  shortcut?: string
  size?: 's' | 'm'
  variant?: 'quiet' | 'primary'
  iconSize?: 16 | 20
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  size = 'm',
  variant = 'quiet',
  iconSize = 16,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <WithTooltip label={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={className ? `icon-button ${className}` : 'icon-button'}
        data-size={size}
        data-variant={variant}
      >
        <Icon size={iconSize} strokeWidth={1.75} aria-hidden />
      </button>
    </WithTooltip>
  )
}

import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import './button.css'

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` once per view; `secondary` has an edge; `quiet` is bare until pointed at. */
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  size?: 's' | 'm'
  icon?: LucideIcon
  /** Work is under way: presses are ignored, the focus stays, and assistive technology hears that it is busy. */
  isPending?: boolean
  children: ReactNode
}

export function Button({
  variant = 'secondary',
  size = 'm',
  icon: Icon,
  isPending = false,
  className,
  onClick,
  type = 'button',
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type === 'submit' ? 'submit' : 'button'}
      className={className ? `button ${className}` : 'button'}
      data-variant={variant}
      data-size={size}
      aria-busy={isPending || undefined}
      aria-disabled={isPending || rest['aria-disabled'] || undefined}
      onClick={(event) => {
        if (isPending || rest['aria-disabled']) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}
      <span className="button-label">{children}</span>
    </button>
  )
}

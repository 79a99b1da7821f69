import type { Component } from 'vue'

/** One line of a menu. `hint` is a second, quieter line: why it is disabled, or what it means. */
export interface MenuItem {
  key: string
  label: string
  hint?: string
  icon?: Component
  colour?: string
  selected?: boolean
  disabled?: boolean
  danger?: boolean
  /** A heading above this line. */
  heading?: string
  /** A rule above this line. */
  rule?: boolean
  run?: () => void
}

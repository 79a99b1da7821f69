import type { Component } from 'vue'

/** One line of a menu. `why` says why it is disabled, or what it does. */
export interface MenuItem {
  key: string
  label: string
  why?: string
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

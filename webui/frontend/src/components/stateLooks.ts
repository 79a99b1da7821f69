import { CircleCheckFilled, CoffeeCup, BellFilled, EditPen, PhoneFilled, RemoveFilled, SwitchButton } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { AgentState } from '@/api/types'

/** A shape a state, so that no state is told by colour alone. Colours are `--state-<name>` in base.css. */
export const STATE_ICONS: Record<AgentState, Component> = {
  online: CircleCheckFilled,
  break: CoffeeCup,
  busy: RemoveFilled,
  offline: SwitchButton,
  ringing: BellFilled,
  in_call: PhoneFilled,
  wrap_up: EditPen,
}

export const stateColour = (state: AgentState): string => `var(--state-${state})`

/** While an agent rings or talks, state, answer mode and login are out of people's hands (STATE-2). */
export const engaged = (state: AgentState): boolean => state === 'ringing' || state === 'in_call'

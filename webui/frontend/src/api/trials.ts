import type { MenuTree, Way } from './config'
import type { Api } from './client'

/** Prompts (ids) heard one after the other; `menu` asks for a key then, empty: an announcement. */
export interface Heard {
  prompts: string[]
  menu: string
}

/** What was heard; `asks`: a menu waits for a key; where the call was sent last, and why. */
export interface Trial {
  heard: Heard[]
  asks: boolean
  way: Way
  target: string
  reason: string
}

/** What a caller hears of a tree who presses these keys, empty for none in time. Nobody is called. */
export const tryTree = (api: Api, ivr: string, tree: MenuTree, keys: readonly string[]): Promise<Trial> => api.post(`/config/ivrs/${encodeURIComponent(ivr)}/try`, { tree, keys })

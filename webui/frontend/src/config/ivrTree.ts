import type { Destination, Menu, MenuProblem, MenuTree } from '@/api/config'
import { hangUp } from './queueForm'

/** Keys as on a telephone, row by row. */
export const KEYPAD = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const

export const MENU_LIMITS = { timeout_s: [1, 60], tries: [1, 9] } as const

const emptyMenu = (id: string, name: string): Menu => ({ id, name, prompt: '', keys: {}, timeout_s: 5, tries: 3, invalid_prompt: '', otherwise: hangUp() })

export const emptyTree = (name: string): MenuTree => ({ first: 'm1', menus: [emptyMenu('m1', name)] })

export const menuOf = (tree: MenuTree, id: string): Menu | undefined => tree.menus.find((menu) => menu.id === id)

/** A line of the outline: a menu, and the key that leads to it (empty: the first menu, or when nothing is pressed). */
export interface OutlineLine {
  menu: Menu
  key: string
  depth: number
  /** Shown in full further up. */
  again: boolean
}

/** Menus in the order in which callers come to them; each in full once. */
export function outline(tree: MenuTree): OutlineLine[] {
  const seen = new Set<string>()
  const visit = (id: string, key: string, depth: number): OutlineLine[] => {
    const menu = menuOf(tree, id)
    if (!menu) return []
    const again = seen.has(id)
    seen.add(id)
    return [{ menu, key, depth, again }, ...(again ? [] : waysToMenus(menu).flatMap(([next, target]) => visit(target, next, depth + 1)))]
  }
  return visit(tree.first, '', 0)
}

/** Menus that no key leads to. */
export function unreachable(tree: MenuTree): Menu[] {
  const reached = new Set(outline(tree).map((line) => line.menu.id))
  return tree.menus.filter((menu) => !reached.has(menu.id))
}

const waysToMenus = (menu: Menu): [string, string][] =>
  [...keysOf(menu).map((key): [string, Destination] => [key, menu.keys[key] as Destination]), ['', menu.otherwise] as [string, Destination]]
    .filter(([, to]) => to.way === 'menu')
    .map(([key, to]) => [key, to.target])

/** The keys of a menu that do something, as on a telephone. */
export const keysOf = (menu: Menu): string[] => KEYPAD.filter((key) => key in menu.keys)

const change = (tree: MenuTree, id: string, edit: (menu: Menu) => Menu): MenuTree => ({ ...tree, menus: tree.menus.map((menu) => (menu.id === id ? edit(menu) : menu)) })

export const withMenu = (tree: MenuTree, menu: Menu): MenuTree => change(tree, menu.id, () => menu)

export const withKey = (menu: Menu, key: string, to: Destination): Menu => ({ ...menu, keys: { ...menu.keys, [key]: to } })

export const withoutKey = (menu: Menu, key: string): Menu => ({ ...menu, keys: Object.fromEntries(Object.entries(menu.keys).filter(([other]) => other !== key)) })

/** The same destination under another key; two that meet change places. */
export function moveKey(menu: Menu, from: string, to: string): Menu {
  const [moved, met] = [menu.keys[from], menu.keys[to]]
  if (!moved || from === to) return menu
  const rest = withoutKey(withoutKey(menu, from), to)
  return { ...rest, keys: { ...rest.keys, [to]: moved, ...(met ? { [from]: met } : {}) } }
}

/** A new menu; with a parent, its key leads there. */
export function addMenu(tree: MenuTree, name: string, parent?: string, key?: string): { tree: MenuTree; id: string } {
  const id = freeId(tree)
  const grown = { ...tree, menus: [...tree.menus, emptyMenu(id, name)] }
  if (!parent || !key) return { tree: grown, id }
  return { tree: change(grown, parent, (menu) => withKey(menu, key, { ...(menu.keys[key] ?? hangUp()), way: 'menu', target: id })), id }
}

function freeId(tree: MenuTree): string {
  const taken = new Set(tree.menus.map((menu) => menu.id))
  let number = tree.menus.length + 1
  while (taken.has(`m${number}`)) number += 1
  return `m${number}`
}

/** Without a menu; keys that led to it do nothing any more, and silence there ends the call. The first one stays. */
export function removeMenu(tree: MenuTree, id: string): MenuTree {
  if (id === tree.first) return tree
  const leads = (to: Destination): boolean => to.way === 'menu' && to.target === id
  const forget = (menu: Menu): Menu => ({
    ...menu,
    keys: Object.fromEntries(Object.entries(menu.keys).filter(([, to]) => !leads(to))),
    otherwise: leads(menu.otherwise) ? hangUp() : menu.otherwise,
  })
  return { ...tree, menus: tree.menus.filter((menu) => menu.id !== id).map(forget) }
}

export const problemsOf = (problems: readonly MenuProblem[], menu: string): MenuProblem[] => problems.filter((problem) => problem.menu === menu)

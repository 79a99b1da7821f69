import { describe, expect, it } from 'vitest'
import type { Destination, MenuTree } from '@/api/config'
import { addMenu, emptyTree, keysOf, menuOf, moveKey, outline, problemsOf, removeMenu, unreachable, withKey, withMenu, withoutKey } from '@/config/ivrTree'
import { hangUp } from '@/config/queueForm'

const toMenu = (target: string): Destination => ({ way: 'menu', target, prompt: '', keep_wait: false, priority: 0, caller_id: '', ring_s: null, otherwise: null })

/** m1 -(2)-> m2 -(*)-> m1, and m3 that nobody gets to. */
function tree(): MenuTree {
  const first = addMenu(emptyTree('main'), 'service', 'm1', '2')
  const back = withMenu(first.tree, withKey(menuOf(first.tree, 'm2') as never, '*', toMenu('m1')))
  return addMenu(back, 'lost').tree
}

describe('the tree of an IVR (IVR-1)', () => {
  it('is told in the order in which callers come to its menus; a menu that comes again is not unfolded', () => {
    expect(outline(tree()).map((line) => [line.menu.id, line.key, line.depth, line.again])).toEqual([
      ['m1', '', 0, false],
      ['m2', '2', 1, false],
      ['m1', '*', 2, true],
    ])
  })

  it('names the menus that no caller gets to', () => {
    expect(unreachable(tree()).map((menu) => menu.id)).toEqual(['m3'])
  })

  it('follows what happens when nothing is pressed', () => {
    const start = tree()
    const grown = withMenu(start, { ...(menuOf(start, 'm1') as never as object), otherwise: toMenu('m3') } as never)
    expect(outline(grown).map((line) => line.menu.id)).toContain('m3')
    expect(unreachable(grown)).toEqual([])
  })

  it('takes a new menu under a key, keeping what is played before', () => {
    const start = emptyTree('main')
    const keyed = withMenu(start, withKey(menuOf(start, 'm1') as never, '5', { ...hangUp(), prompt: 'wait' }))
    const grown = addMenu(keyed, 'sub', 'm1', '5')
    expect(menuOf(grown.tree, 'm1')?.keys['5']).toEqual({ way: 'menu', target: grown.id, prompt: 'wait', keep_wait: false, priority: 0, caller_id: '', ring_s: null, otherwise: null })
  })

  it('never gives an id twice, also after menus were removed', () => {
    const shrunk = removeMenu(tree(), 'm2')
    const { tree: grown, id } = addMenu(shrunk, 'again')
    expect(new Set(grown.menus.map((menu) => menu.id)).size).toBe(grown.menus.length)
    expect(id).not.toBe('m3')
  })

  it('forgets the ways to a removed menu, and keeps the first', () => {
    const silent = withMenu(tree(), { ...(menuOf(tree(), 'm3') as never as object), otherwise: toMenu('m2') } as never)
    const shrunk = removeMenu(silent, 'm2')
    expect(menuOf(shrunk, 'm1')?.keys).toEqual({})
    expect(menuOf(shrunk, 'm3')?.otherwise).toEqual(hangUp())
    expect(removeMenu(shrunk, 'm1')).toBe(shrunk)
  })

  it('leaves the tree that was given as it was', () => {
    const before = tree()
    const text = JSON.stringify(before)
    removeMenu(before, 'm2')
    addMenu(before, 'x', 'm1', '1')
    expect(JSON.stringify(before)).toBe(text)
  })
})

describe('the keys of a menu', () => {
  const menu = withKey(withKey(menuOf(emptyTree('m'), 'm1') as never, '#', hangUp()), '1', toMenu('m2'))

  it('stand as on a telephone', () => expect(keysOf(withKey(menu, '0', hangUp()))).toEqual(['1', '0', '#']))

  it('change places when one is moved onto another', () => {
    const moved = moveKey(menu, '1', '#')
    expect([moved.keys['#']?.way, moved.keys['1']?.way]).toEqual(['menu', 'hang_up'])
    expect(keysOf(moveKey(menu, '1', '9'))).toEqual(['9', '#'])
    expect(moveKey(menu, '7', '8')).toBe(menu)
  })

  it('can be cleared', () => expect(keysOf(withoutKey(menu, '1'))).toEqual(['#']))
})

describe('problems of the check', () => {
  it('are shown beside their menu', () => {
    const found = ['m1', 'm2', 'm1'].map((id, n) => ({ menu: id, key: '', id: `p${n}`, message: '' }))
    expect(problemsOf(found, 'm1').map((problem) => problem.id)).toEqual(['p0', 'p2'])
  })
})

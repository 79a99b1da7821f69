"""The tree of menus that an IVR is, as it is edited, and what it is for the call path."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from orchestrator.domain.checks import Place, Problem, destinations, problems
from orchestrator.domain.config import Destination, Menu, TenantConfig, Way

AREA = "ivrs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Menus, and the id of the one that an IVR begins with.

    Menus have ids without dots. A destination inside names a menu of the same tree by that id, one of another IVR
    as `<ivr>.<menu>`.
    """

    first: str = ""
    menus: tuple[Menu, ...] = ()


def flatten(ivr: str, tree: Tree) -> dict[str, Menu]:
    """Return the menus as the call path knows them, named `<ivr>.<menu>`."""
    return {f"{ivr}.{menu.id}": _placed(ivr, menu) for menu in tree.menus}


def with_tree(config: TenantConfig, ivr: str, tree: Tree) -> TenantConfig:
    """Return the configuration as it were with this tree in force."""
    others = {id_: menu for id_, menu in config.menus.items() if id_.split(".")[0] != ivr}
    return replace(config, menus=others | flatten(ivr, tree))


def tree_problems(config: TenantConfig, ivr: str, tree: Tree) -> list[Problem]:
    """Find what keeps a tree from being put into force; the fields begin with `first` or `menus.<menu>`."""
    tried = with_tree(config, ivr, tree)
    own = [problem for problem in problems(tried) if (problem.area, problem.key) == (AREA, ivr)]
    return [*_structure(ivr, tree), *own, *_unreachable(tried, ivr, tree)]


def _placed(ivr: str, menu: Menu) -> Menu:
    keys = {key: _absolute(ivr, destination) for key, destination in menu.keys.items()}
    return replace(menu, id=f"{ivr}.{menu.id}", keys=keys, otherwise=_absolute(ivr, menu.otherwise))


def _absolute(ivr: str, destination: Destination) -> Destination:
    inside = destination.way is Way.MENU and "." not in destination.target
    otherwise = _absolute(ivr, destination.otherwise) if destination.otherwise else None
    target = f"{ivr}.{destination.target}" if inside else destination.target
    return replace(destination, target=target, otherwise=otherwise)


def _structure(ivr: str, tree: Tree) -> Iterator[Problem]:
    counts = Counter(menu.id for menu in tree.menus)
    if tree.first not in counts:
        yield Place(AREA, ivr, "first").problem("unknown_menu", tree.first)
    for menu, times in counts.items():
        if times > 1:
            yield Place(AREA, ivr, f"menus.{menu}").problem("menu_twice", menu)


def _unreachable(config: TenantConfig, ivr: str, tree: Tree) -> Iterator[Problem]:
    """Menus that no caller gets to, neither from the first one nor from elsewhere."""
    outside = {to.target for place, to in destinations(config) if (place.area, place.key) != (AREA, ivr)}
    reached: set[str] = set()
    ahead = {f"{ivr}.{tree.first}", *outside} & config.menus.keys()
    while ahead:
        menu = config.menus[ahead.pop()]
        reached.add(menu.id)
        ahead |= {
            one.target for to in (*menu.keys.values(), menu.otherwise) for one in to.chain()
        } & config.menus.keys() - reached
    for menu in tree.menus:
        if f"{ivr}.{menu.id}" not in reached:
            yield Place(AREA, ivr, f"menus.{menu.id}").problem("unreachable", menu.id)

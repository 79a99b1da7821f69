"""A draft, and a test call that walks through it."""

from collections.abc import Callable
from pathlib import Path

from orchestrator.domain.config import Destination, Menu, Way, to_queue
from orchestrator.store import keys
from tests.support.real_centre import QUEUE, SWITCH, TENANT, RealCentre
from tests.support.sounds import tone


def draft(folder: Path) -> dict[str, Menu]:
    """A draft of which nothing is in force: 2 leads to the second menu, 1 from there to the queue."""
    tone(folder, "welcome")
    more = Menu(id="desk.more", name="More", prompt="welcome", keys={"1": to_queue(QUEUE)})
    main = Menu(id="desk.main", name="Main", prompt="welcome", keys={"2": Destination(way=Way.MENU, target=more.id)})
    return {menu.id: menu for menu in (main, more)}


def walks_through(centre: RealCentre, menus: dict[str, Menu], asked: Callable[[str], object]) -> None:
    """Keys that the switch takes lead from menu to menu and out of them, where the call ends.

    `asked(call)` waits until the switch plays the question: a key before that is lost.
    """
    for menu, key in (("desk.main", "2"), ("desk.more", "1")):
        centre.wait(menu, lambda menu=menu: _asks(centre, menus, menu), 20)  # type: ignore[misc]
        (call,) = centre.calls()
        asked(call.id)
        centre.use.tests.press(TENANT, call.id, key)
    centre.wait("the end", lambda: centre.outcomes()[-1:] == ["turned_away"], 20)
    assert "queue_entered" not in centre.events()
    assert centre.redis.hgetall(keys.counters(TENANT)) == {}


def _asks(centre: RealCentre, menus: dict[str, Menu], menu: str) -> bool:
    """Tell whether the menu asks; an owner who takes the switch over just then may miss the order for a call."""
    if not centre.calls():
        centre.use.tests.place(TENANT, SWITCH, "desk.main", menus)
    return [call.menu for call in centre.calls()] == [menu]

"""The names that a call's story gives beside ids."""

from orchestrator.domain.config import Menu
from webui.story import named, people_in, tells_of_menus

MENUS = {"desk.main": Menu(id="desk.main", name="Main menu", prompt="", keys={})}


def test_people_and_menus_are_named() -> None:
    """OPS-1: who ordered something, and which menu was answered or comes next, stands in the story by name."""
    pressed = {"type": "key_pressed", "menu": "desk.main", "key": "1"}
    routed = {"type": "call_routed", "way": "menu", "target": "desk.main", "reason": "number"}
    ordered = {"type": "callback_ordered", "by": "7", "order": "next"}
    assert people_in([pressed, routed, ordered]) == {"7"}
    assert named(pressed, {}, MENUS)["menu_name"] == named(routed, {}, MENUS)["target_name"] == "Main menu"
    assert named(ordered, {"7": "Ann"}, MENUS) == ordered | {"by_name": "Ann"}


def test_what_has_no_name_any_more_keeps_its_id() -> None:
    """OPS-1: an event of a menu or a person that is gone is told as it was written."""
    pressed = {"type": "key_pressed", "menu": "gone", "key": "1"}
    queued = {"type": "call_routed", "way": "queue", "target": "desk.main", "reason": "key"}
    assert tells_of_menus([pressed])
    assert not tells_of_menus([queued])
    assert [named(event, {}, MENUS) for event in (pressed, queued)] == [pressed, queued]

"""A call's story as pages tell it: events with the names of people and menus beside their ids."""

from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.domain.config import Menu, Way

#: Under which name of an event the id of a person or menu stands.
PERSON, MENU, TARGET = "by", "menu", "target"


def people_in(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of the people whom events name."""
    return {str(event[PERSON]) for event in events if event.get(PERSON)}


def tells_of_menus(events: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether any event names a menu."""
    return any(_menu_of(event) for event in events)


def named(event: dict[str, Any], people: Mapping[str, str], menus: Mapping[str, Menu]) -> dict[str, Any]:
    """Add `by_name`, `menu_name`, `target_name` for ids that have a name now."""
    field, menu = _menu_of(event) or ("", "")
    names = {
        "by_name": people.get(str(event.get(PERSON))),
        f"{field}_name": menus[menu].name if menu in menus else None,
    }
    return event | {key: name for key, name in names.items() if name}


def _menu_of(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the field with a menu's id, and the id."""
    if event["type"] == "key_pressed":
        return MENU, str(event[MENU])
    return (TARGET, str(event[TARGET])) if event.get("way") == Way.MENU else None

"""Test calls: a draft is walked through on the switch, key by key (IVR-1)."""

from collections.abc import Iterator
from typing import Literal

import orjson
from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.call_records import call_story
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Way
from orchestrator.domain.ivr import flatten
from orchestrator.service.errors import NoSwitchError
from orchestrator.service.test_call import TestCall
from orchestrator.store import keys
from webui.api.configuration.ivrs import AREA
from webui.api.configuration.trees import Digit, TreeIn
from webui.api.shapes import Input
from webui.errors import NotFoundError
from webui.identity import tenant
from webui.permissions import Permission, requires
from webui.readiness import switch_names
from webui.services import services

bp = APIBlueprint("test_calls", __name__, url_prefix="/api/v1/config", tag="Configuration")


class KeyIn(Input):
    """A key of the telephone."""

    key: Digit


class NewTestCall(BaseModel):
    """A test call that has begun."""

    call: str


class TestStep(BaseModel):
    """What has happened: `routed` somewhere (`way`, `target`, `prompt` played before, and `reason`), or a `key` pressed
    in the menu `target` (empty = none in time), `valid` if it leads anywhere. `at` is microseconds UTC.
    """

    __test__ = False  # no test of pytest

    at: int
    kind: Literal["routed", "key"]
    way: Way | None = None
    target: str = ""
    prompt: str = ""
    reason: str = ""
    key: str = ""
    valid: bool = False


class TestCallOut(BaseModel):
    """How far a test call is.

    `menu` (`<ivr>.<menu>`) is the one that asks now, else empty; `failed` tells that no call came about, and `cause`
    why: `TOO_LATE` and `NO_ANSWER` where the switch was busy or away, else its own word.
    Steps are told as soon as they are written down, a moment after they happen.
    """

    __test__ = False  # no test of pytest

    state: CallState
    menu: str
    failed: bool
    cause: str
    steps: list[TestStep]


@bp.post("/ivrs/<key>/test-calls")
@requires(Permission.EDIT_CONFIG)
@bp.input(TreeIn)
@bp.output(NewTestCall, status_code=201)
def place(key: str, json_data: TreeIn) -> NewTestCall:
    """Begin a call without a caller that walks through a tree, saved or not; nothing of it counts anywhere."""
    if AREA.find(tenant(), key) is None:
        raise NotFoundError
    tree = json_data.tree.domain()
    return NewTestCall(call=_tests().place(tenant(), _switch(), f"{key}.{tree.first}", flatten(key, tree)))


@bp.get("/test-calls/<call>")
@requires(Permission.EDIT_CONFIG)
@bp.output(TestCallOut)
def show(call: str) -> TestCallOut:
    """Tell how far a test call is."""
    events = [orjson.loads(row.json) for row in call_story(tenant(), call)]
    held = services().use_cases().work.store.call(tenant(), call)
    document = held.document if held and held.document.test else None
    if document is None and not any(event["type"] == "call_arrived" and event.get("test") for event in events):
        raise NotFoundError
    ended = [event for event in events if event["type"] == "call_ended"]
    asked = document.menu if document and document.state is CallState.MENU else ""
    failed = bool(ended) and ended[-1]["answered"] is None
    return TestCallOut(
        state=document.state if document else CallState.ENDED,
        menu=asked,
        failed=failed,
        cause=ended[-1]["cause"] if failed else "",
        steps=list(_steps(events)),
    )


@bp.post("/test-calls/<call>/keys")
@requires(Permission.EDIT_CONFIG)
@bp.input(KeyIn)
@bp.output({}, status_code=204)
def press(call: str, json_data: KeyIn) -> str:
    """Press a key."""
    _tests().press(tenant(), call, json_data.key)
    return ""


@bp.delete("/test-calls/<call>")
@requires(Permission.EDIT_CONFIG)
@bp.output({}, status_code=204)
def hang_up(call: str) -> str:
    """Hang up."""
    _tests().hang_up(tenant(), call)
    return ""


def _steps(events: list[dict[str, object]]) -> Iterator[TestStep]:
    for event in events:
        if event["type"] == "call_routed":
            yield TestStep.model_validate({**event, "kind": "routed"})
        elif event["type"] == "key_pressed":
            yield TestStep.model_validate({**event, "kind": "key", "target": event["menu"]})


def _tests() -> TestCall:
    return services().use_cases().tests


def _switch() -> str:
    """Return a switch that somebody owns now; raises NoSwitchError."""
    names = switch_names(services().settings.switches)
    owned = [name for name in names if services().redis.exists(keys.lease(name))]
    if not owned:
        raise NoSwitchError
    return owned[0]

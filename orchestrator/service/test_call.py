"""Try a draft of menus by a call without a caller: the switch plays, waits and takes keys as it does for callers.

The draft lies in Redis for a while, where only its own call looks for it; nothing of it is in force for anybody else.
The call ends where it would leave the menus: it is in no queue, rings nobody, and no counter, record or bill knows it.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import Command, HangUp, MakeTestCaller, PressKey
from orchestrator.domain.config import Menu
from orchestrator.domain.events import CallArrived
from orchestrator.domain.story import Occasion
from orchestrator.service.ended_event import ended_event
from orchestrator.service.errors import TooManyTestsError, UnknownCallError
from orchestrator.service.work import Unit, Work

#: The role of the channel of a test call (`cc_role`).
TEST = "test"

#: What stands in the place of the caller's number.
CALLER = "test"

#: A draft is kept so long: no test call lasts longer (s).
DRAFT_S = 900

#: Why a test call failed whose wish was read too late.
TOO_LATE = "TOO_LATE"

#: Test calls of a tenant at the same time.
AT_ONCE = 5


class TestCall:
    """Makes test calls and presses their keys."""

    __test__ = False  # no test of pytest

    def __init__(self, work: Work) -> None:
        """`work` runs the decisions."""
        self._work = work

    def place(self, tenant: str, switch: str, first: str, menus: dict[str, Menu]) -> str:
        """Begin a call on a switch with the menu `first` of the draft `menus`; returns its id.

        Raises TooManyTestsError.
        """
        running = [held.document for held in self._work.store.all_calls(tenant) if held.document.test]
        if len(running) >= AT_ONCE:
            raise TooManyTestsError(most=str(AT_ONCE))
        call = str(uuid4())
        self._work.store.keep_draft(tenant, call, menus, DRAFT_S)
        self._work.run(tenant, lambda unit: _begin(unit, call, switch, first))
        return call

    def press(self, tenant: str, call: str, key: str) -> None:
        """Press a key; raises UnknownCallError for a call that is over, or no test."""
        found = self._find(tenant, call)
        self._work.telephony.send(found.switch, [PressKey(leg=found.id, key=key)])

    def hang_up(self, tenant: str, call: str) -> None:
        """End it; raises UnknownCallError."""
        found = self._find(tenant, call)
        self._work.telephony.send(found.switch, [HangUp(leg=found.id)])

    def failed(self, tenant: str, _: str, leg: str, cause: str) -> None:
        """The switch could not make the channel, which is named as the call is."""
        self._work.run(tenant, lambda unit: _failed(unit, leg, cause))

    def late(self, commands: Sequence[Command]) -> None:
        """The switch's owner has read wishes too late to do them: a test call that was to begin is over."""
        for command in commands:
            if isinstance(command, MakeTestCaller):
                self.failed(command.tenant, "", command.leg, TOO_LATE)

    def _find(self, tenant: str, call: str) -> Call:
        held = self._work.store.call(tenant, call)
        if held is None or not held.document.test:
            raise UnknownCallError(call=call)
        return held.document


def _begin(unit: Unit, call_id: str, switch: str, first: str) -> None:
    call = Call(
        id=call_id, tenant=unit.tenant, switch=switch, state=CallState.ARRIVED, since=unit.now, caller=CALLER,
        number="", arrived=unit.now, test=first,
    )  # fmt: skip
    arrived = CallArrived(at=unit.now, call=call_id, switch=switch, caller=CALLER, caller_name="", number="", test=True)
    unit.save_call(call, arrived)
    unit.tell(switch, MakeTestCaller(leg=call_id, tenant=unit.tenant))
    unit.explain(call_id, Occasion.TEST)


def _failed(unit: Unit, call_id: str, cause: str) -> None:
    call = unit.call(call_id)
    if call and call.test:
        give_up(unit, call, cause)


def give_up(unit: Unit, call: Call, cause: str) -> None:
    """Nothing has come of a test call."""
    ended = call.end(Outcome.LOST, Party.SYSTEM, unit.now)
    unit.save_call(ended, ended_event(unit, ended, cause))
    unit.tell(call.switch, HangUp(leg=call.id))
    unit.explain(call.id, Occasion.TEST_FAILED, cause)


def use_draft(unit: Unit, call: Call | None) -> None:
    """Let a test call's decisions be taken on its draft; what has expired leads nowhere."""
    if call and call.test:
        draft, ivr = unit.store.draft(unit.tenant, call.id), call.test.partition(".")[0]
        others = {id_: menu for id_, menu in unit.config.menus.items() if id_.partition(".")[0] != ivr}
        unit.config = replace(unit.config, menus=others | dict(draft) if draft else {})

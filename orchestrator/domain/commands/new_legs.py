"""The channels that the switch is asked to make."""

from dataclasses import dataclass, field
from typing import ClassVar

from orchestrator.domain.commands.base import Command
from orchestrator.domain.supervision import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAgent(Command):
    """Ring the agent's device with the new channel `leg` for `ring_s` seconds and park it when answered.

    In a `browser` silence soon means that it is gone; one that `resumes` a call answers by itself, and so may one whose
    agent has placed the call (`dials`): the leg then stays when the customer is not reached.
    """

    type: ClassVar[str] = "ring_agent"
    tenant: str
    call: str
    agent: str
    queue: str
    device: str
    ring_s: int
    caller: str
    caller_name: str
    browser: bool = False
    resumes: bool = False
    dials: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RingNumber(Command):
    """Ring a telephone outside with the new channel `leg` for `ring_s` seconds (1-600) and park it when answered.

    The leg is marked with tenant, `call` and `role` (a word: `outside`, or whatever the leg is for), which decides who
    handles its events (`esl_handlers/dispatch.py`); `marks` are further `cc_...` variables, few and short. `number` is
    as the trunk wants it (`Trunk.dialled`), `caller_id` an owned number that belongs to `trunk`, or a customer's that
    the trunk passes on to an agent's mobile: whoever builds the command sees to both (`TenantConfig.trunk_of`). What
    the network plays meanwhile is not heard. `called` is the number in its one spelling, for the bill.
    """

    type: ClassVar[str] = "ring_number"
    tenant: str
    call: str
    role: str
    number: str
    trunk: str
    caller_id: str
    ring_s: int
    caller_name: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeTestCaller(Command):
    """Make the channel `leg` of a caller without a telephone, by which menus are tried, and park it."""

    type: ClassVar[str] = "make_test_caller"
    tenant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOut(Command):
    """Ring the new channel `customer` from the agent's `leg`, which hears the network; the rest as in `RingNumber`."""

    type: ClassVar[str] = "dial_out"
    tenant: str
    call: str
    agent: str
    customer: str
    number: str
    trunk: str
    caller_id: str
    ring_s: int
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen(Command):
    """Ring a supervisor's device with the new channel `leg`; once answered it listens to the agent's channel `to`."""

    type: ClassVar[str] = "listen"
    tenant: str
    call: str
    agent: str
    device: str
    caller: str
    to: str
    mode: Mode

"""The product's commands in the switch's words, to this process' own switches or to whoever owns the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

import gevent
import structlog

from esl_handlers.client import SwitchConnection
from esl_handlers.errors import SwitchError, UnsafeArgumentError
from esl_handlers.legs import Legs
from esl_handlers.pending import Future
from esl_handlers.replies import Reply
from esl_handlers.switch_commands.base import SwitchCommand
from esl_handlers.switch_commands.legs import AnswerCall, Break, Bridge, CancelScheduled, Kill, Park, SetVariables
from esl_handlers.switch_commands.media import Play
from esl_handlers.switch_commands.originate import NewLeg, Originate
from esl_handlers.switch_commands.safe import DisplayName, MusicStream, UserTarget, number
from orchestrator.domain import commands
from orchestrator.service.ports import Telephony

#: What keeps a caller alive when a bridge fails (docs/freeswitch.md section 6): never fewer than all three.
PARK_VARIABLES = {
    "park_after_bridge": "true",
    "hangup_after_bridge": "false",
    "uuid_bridge_park_on_cancel": "true",
}

#: Milliseconds without media after which an agent's leg is taken as vanished.
MEDIA_TIMEOUT_MS = 60_000


class SwitchTelephony:
    """Telephony of the switch-facing process."""

    def __init__(self, remote: Telephony, legs: Legs, domain: str) -> None:
        """`remote` takes what is meant for switches owned elsewhere; `domain` is the SIP domain of devices."""
        self._remote, self._legs, self._domain = remote, legs, domain
        self._connections: dict[str, SwitchConnection] = {}
        self._join_refused: Callable[[str, str, str], object] = _nobody
        self._log = structlog.get_logger("telephony")

    def on_join_refused(self, act: Callable[[str, str, str], object]) -> None:
        """Have `act(tenant, call, leg)` called when the switch refuses to join two legs."""
        self._join_refused = act

    def attach(self, switch: str, connection: SwitchConnection) -> None:
        """Write commands for a switch to this connection."""
        self._connections[switch] = connection

    def detach(self, switch: str) -> None:
        """The connection is gone."""
        self._connections.pop(switch, None)

    def send(self, switch: str, commands: Sequence[commands.Command]) -> None:
        """Write the commands in order; a connection lost meanwhile is mended by the reconcile that follows."""
        connection = self._connections.get(switch)
        if connection is None:
            self._remote.send(switch, commands)
            return
        for command in commands:
            self.write(connection, command)

    def write(self, connection: SwitchConnection, command: commands.Command) -> None:
        """Write one command."""
        if isinstance(command, commands.RingAgent):
            self._legs.note(command.leg, command.tenant, command.call)
        try:
            replies = connection.send(*spell(command, self._domain))
        except SwitchError as error:
            self._log.warning("command not written", command=command.type, leg=command.leg, error=str(error))
            return
        if isinstance(command, commands.Join):
            gevent.spawn(self._watch, command, replies[-1])

    def _watch(self, join: commands.Join, reply: Future[Reply]) -> None:
        """A refusal is known at once; anything else is proved by events or by the join's deadline."""
        try:
            refused = not reply.result().ok
        except SwitchError as error:
            self._log.warning("join unanswered", leg=join.leg, error=str(error))
            return
        if refused:
            self._join_refused(join.tenant, join.leg, join.agent_leg)


def _nobody(*_: str) -> None:
    """Nobody listens yet."""


def spell(command: commands.Command, domain: str) -> Iterator[SwitchCommand]:
    """Yield the switch's commands for one of ours."""
    match command:
        case commands.TakeOver(leg=leg, tenant=tenant):
            yield CancelScheduled(uuid=leg)
            marks = {"cc_tenant": tenant, "cc_call": leg, "cc_role": "caller", **PARK_VARIABLES}
            yield SetVariables(uuid=leg, variables=marks)
            yield AnswerCall(uuid=leg)
        case commands.Mark(leg=leg, variables=variables):
            yield SetVariables(uuid=leg, variables=variables)
        case commands.PlayMusic(leg=leg, music=music):
            yield Play(uuid=leg, sound=MusicStream(music), event_uuid=str(uuid4()))
        case commands.RingAgent():
            yield Originate(leg=_agent_leg(command, domain), job_uuid=command.leg)
        case commands.Join(leg=leg, agent_leg=agent_leg):
            yield Break(uuid=leg, everything=True)
            yield Bridge(a_leg=leg, b_leg=agent_leg)
        case commands.Park(leg=leg):
            yield Park(uuid=leg)
        case commands.HangUp(leg=leg, cause=cause):
            yield Kill(uuid=leg, cause=cause)
        case _:
            raise TypeError(f"no words for {command}")


def _agent_leg(ring: commands.RingAgent, domain: str) -> NewLeg:
    marks = {
        "cc_tenant": ring.tenant,
        "cc_call": ring.call,
        "cc_role": "agent",
        "cc_agent": ring.agent,
        "cc_queue": ring.queue,
        "park_after_bridge": "true",
        "hangup_after_bridge": "false",
        "media_timeout": str(MEDIA_TIMEOUT_MS),
    }
    return NewLeg(
        uuid=ring.leg,
        target=UserTarget(ring.device, domain),
        ring_s=ring.ring_s,
        caller_number=_shown(ring.caller),
        caller_name=DisplayName(ring.caller_name or ring.caller),
        variables=marks,
    )


def _shown(caller: str) -> str:
    """A caller's number as the agent's phone may show it; whatever is no number is not shown."""
    try:
        return number(caller)
    except UnsafeArgumentError:
        return ""

"""The product's commands in the switch's words, to this process' own switches or to whoever owns the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gevent
import structlog

from esl_handlers.client import SwitchConnection
from esl_handlers.errors import SwitchError
from esl_handlers.legs import Legs
from esl_handlers.pending import Future
from esl_handlers.questions import Speech
from esl_handlers.replies import Reply
from esl_handlers.spelling import spell
from orchestrator.domain import commands
from orchestrator.service.ports import Telephony
from orchestrator.service.test_call import TEST

#: Between two looks at a leg's packets (s): a browser that lives sends 50 a second, muted too, one that is gone none
#: (docs/freeswitch.md, part two, section 4).
LOOKS_APART_S = 0.15


class SwitchTelephony:
    """Telephony of the switch-facing process."""

    def __init__(self, remote: Telephony, legs: Legs, speech: Speech) -> None:
        """`remote` takes what is meant for switches owned elsewhere."""
        self._remote, self._legs, self._speech = remote, legs, speech
        self._connections: dict[str, SwitchConnection] = {}
        self._join_refused: Callable[[str, str, str], object] = _nobody
        self._silent: Callable[[str, str, str], object] = _nobody
        self._log = structlog.get_logger("telephony")

    def on_join_refused(self, act: Callable[[str, str, str], object]) -> None:
        """Have `act(tenant, call, leg)` called when the switch refuses to join two legs."""
        self._join_refused = act

    def on_silent(self, act: Callable[[str, str, str], object]) -> None:
        """Have `act(tenant, call, leg)` called when a checked leg's browser sends no sound any more."""
        self._silent = act

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
        if isinstance(command, commands.RingAgent | commands.Listen):
            self._legs.note(command.leg, command.tenant, command.call, "agent")
        if isinstance(command, commands.RingNumber):
            self._legs.note(command.leg, command.tenant, command.call, command.role)
        if isinstance(command, commands.MakeTestCaller):
            self._legs.note(command.leg, command.tenant, command.leg, TEST)
        try:
            replies = connection.send(*spell(command, self._speech))
        except SwitchError as error:
            self._log.warning("command not written", command=command.type, leg=command.leg, error=str(error))
            return
        if isinstance(command, commands.Join):
            gevent.spawn(self._watch, command, replies[-1])
        if isinstance(command, commands.CheckSound):
            gevent.spawn(self._look_twice, connection, command, replies[-1])

    def _watch(self, join: commands.Join, reply: Future[Reply]) -> None:
        """A refusal is known at once; anything else is proved by events or by the join's deadline."""
        try:
            refused = not reply.result().ok
        except SwitchError as error:
            self._log.warning("join unanswered", leg=join.leg, error=str(error))
            return
        if refused:
            self._join_refused(join.tenant, join.leg, join.agent_leg)

    def _look_twice(self, connection: SwitchConnection, check: commands.CheckSound, first: Future[Reply]) -> None:
        """No packet between two looks: the browser is gone. A look lost with the process is made up for by the leg's
        media timeout.
        """
        try:
            before = first.result().text
            connection.wait_ended(LOOKS_APART_S)
            after = connection.send(*spell(check, self._speech))[-1].result().text
        except SwitchError as error:
            self._log.warning("sound not checked", leg=check.leg, error=str(error))
            return
        if before == after:
            self._silent(check.tenant, check.call, check.leg)


def _nobody(*_: str) -> None:
    """Nobody listens yet."""

"""Commands that make new legs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from esl_handlers.switch_commands import safe
from esl_handlers.switch_commands.base import ExecuteCommand, JobCommand
from esl_handlers.switch_commands.safe import DisplayName, GatewayTarget, Nobody, UserTarget


@dataclass(frozen=True, slots=True)
class ToPark:
    """The new leg waits for us; it is won at its ChannelParked, not before."""

    def text(self) -> str:
        """The application."""
        return "&park()"


@dataclass(frozen=True, slots=True)
class ToListen:
    """The new leg listens to another one (a supervisor)."""

    uuid: str

    def text(self) -> str:
        """The application."""
        return f"&eavesdrop({safe.uuid(self.uuid)})"


@dataclass(frozen=True, slots=True)
class ToConference:
    """The new leg joins a conference; it sends no ChannelParked."""

    name: str

    def text(self) -> str:
        """The application."""
        return f"&conference({safe.word(self.name, 'a conference')}@default)"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLeg:
    """A leg to be made: its uuid, whom to ring, how long, and what the phone shows.

    The name comes from people and is cleaned; the number is refused if it is none. `variables` are
    put on the leg from its first event on (`cc_call`, `media_timeout`, `sip_h_X-...`).
    """

    uuid: str
    target: UserTarget | GatewayTarget | Nobody
    ring_s: int
    caller_number: str = ""
    caller_name: str = ""
    ignore_early_media: bool = True
    variables: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The variables and the dial string."""
        given = {
            "origination_uuid": safe.uuid(self.uuid),
            "originate_timeout": safe.seconds(self.ring_s, "a ring time"),
            "ignore_early_media": "true" if self.ignore_early_media else "false",
        }
        if self.caller_number:
            given["origination_caller_id_number"] = safe.number(self.caller_number)
        if self.caller_name:
            given["origination_caller_id_name"] = DisplayName(self.caller_name)
        return safe.list_values({**given, **self.variables, **given}) + self.target.text()  # ours win


@dataclass(frozen=True, slots=True)
class Originate(JobCommand):
    """Ring somebody with a new leg. Its channel events tell how it goes; the job only that it is over.

    If it fails before a leg exists (not registered, no such gateway), the job is all that comes.
    """

    leg: NewLeg
    job_uuid: str
    then: ToPark | ToListen | ToConference = field(default_factory=ToPark)

    def _words(self) -> tuple[str, ...]:
        return "originate", self.leg.text(), self.then.text()


@dataclass(frozen=True, slots=True)
class BridgeOut(ExecuteCommand):
    """Ring somebody from a leg that already talks to us and hears the network's early media.

    The leg must carry `continue_on_fail=true`, else a busy customer ends it; ChannelBridged comes at
    183, the answer is the new leg's ChannelAnswered.
    """

    application: ClassVar[str] = "bridge"

    uuid: str
    event_uuid: str
    leg: NewLeg

    def _argument(self) -> str:
        return self.leg.text()

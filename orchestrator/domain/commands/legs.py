"""What the switch is asked to do with channels that are there."""

from dataclasses import dataclass, field
from typing import ClassVar

from orchestrator.domain.commands.base import Command
from orchestrator.domain.supervision import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(Command):
    """Cancel the switch's dead-man fallback, mark the channel as ours and answer it."""

    type: ClassVar[str] = "take_over"
    tenant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Command):
    """Write what a rebuild needs onto the channel (short names, short values)."""

    type: ClassVar[str] = "mark"
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """Join the caller's channel `leg` with the agent's.

    `again`: told before without proof. A first join that came to nothing may still be waiting in the switch, where the
    same again would end both channels, but the two the other way round frees them (docs/freeswitch.md, section 6).
    """

    type: ClassVar[str] = "join"
    tenant: str
    agent_leg: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Park(Command):
    """Bring a channel, with `both` its partner too, back to the park, whatever it hangs in."""

    type: ClassVar[str] = "park"
    both: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Confer(Command):
    """Bring a channel, with `both` its partner too, into the conference of a call."""

    type: ClassVar[str] = "confer"
    call: str
    both: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMode(Command):
    """Let a supervisor who listens to the channel `to` speak to other people than before."""

    type: ClassVar[str] = "change_mode"
    to: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp(Command):
    """End a channel with a cause of the switch."""

    type: ClassVar[str] = "hang_up"
    cause: str = "NORMAL_CLEARING"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTalk(Command):
    """End a channel in `after_s` s (0 = never), should no orchestrator do it before; `warn`: both sides hear a tone."""

    type: ClassVar[str] = "limit_talk"
    after_s: int
    warn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSound(Command):
    """Find out whether a browser still sends sound on its leg; only silence is told of (`ChangeDevice.silent`)."""

    type: ClassVar[str] = "check_sound"
    tenant: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDevice(Command):
    """Forget the registration of the SIP user `leg`: nothing rings there until it registers anew."""

    type: ClassVar[str] = "drop_device"

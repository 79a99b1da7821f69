"""What a switch tells us, as typed values: one class a kind of event of our subscription.

Times are microseconds since the epoch, None when it never happened. Texts that a caller's or
agent's phone chose are marked *untrusted*: they are data to show, never to act on.
The `cc_*` fields are the product's own channel variables and are None where they are not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class SwitchEvent:
    """Common to all: which run of which switch (it changes at a restart), and when."""

    core_uuid: str
    at: int

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Make an event of values that are complete and of the right types.

        The constructor of a frozen dataclass sets field by field, absent ones too, and takes longer
        than all the parsing of a value; here absent fields simply stay the class's defaults.
        """
        event = object.__new__(cls)
        event.__dict__.update(values)
        return event

    @property
    def lane(self) -> str:
        """Events with the same lane are handled one after the other, in order."""
        return self.core_uuid


@dataclass(frozen=True, kw_only=True)
class ChannelEvent(SwitchEvent):
    """Something happened to one leg, named by its uuid."""

    uuid: str
    cc_tenant: str | None = None
    cc_call: str | None = None
    cc_role: str | None = None
    cc_agent: str | None = None
    cc_queue: str | None = None
    cc_state: str | None = None
    cc_entered: int | None = None
    cc_priority: int | None = None
    cc_did: str | None = None
    cc_rec: str | None = None
    cc_mask: int | None = None

    @property
    def lane(self) -> str:
        """The call if the leg is marked with one, else the leg: give a call its caller's uuid as id."""
        return self.cc_call or self.uuid


@dataclass(frozen=True, kw_only=True)
class ChannelParked(ChannelEvent):
    """A leg waits for us: a new call, an answered agent leg, or one left over by a bridge."""

    direction: str
    answer_state: str
    caller_number: str | None = None
    caller_name: str | None = None  # untrusted
    destination: str | None = None
    context: str | None = None
    channel_name: str | None = None
    created: int | None = None
    answered: int | None = None
    sip_call_id: str | None = None
    sip_auth_username: str | None = None
    transfer_to: str | None = None  # the number a phone's REFER asked for; untrusted


@dataclass(frozen=True, kw_only=True)
class ChannelProgress(ChannelEvent):
    """A leg rings (180)."""


@dataclass(frozen=True, kw_only=True)
class ChannelProgressMedia(ChannelEvent):
    """A leg sends early media (183)."""


@dataclass(frozen=True, kw_only=True)
class ChannelAnswered(ChannelEvent):
    """A leg was answered; an agent leg is won only when it parks."""

    direction: str | None = None
    answered: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelBridged(ChannelEvent):
    """Two legs hear each other; `uuid` is the first argument of the bridge command."""

    a_leg: str
    b_leg: str


@dataclass(frozen=True, kw_only=True)
class ChannelUnbridged(ChannelEvent):
    """Two legs no longer hear each other."""

    a_leg: str | None = None
    b_leg: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelHungUp(ChannelEvent):
    """A leg is over: the last event of it that counts (CHANNEL_HANGUP_COMPLETE)."""

    cause: str
    direction: str | None = None
    caller_number: str | None = None
    destination: str | None = None
    sip_hangup_disposition: str | None = None  # recv_bye/recv_cancel/recv_refuse: the far side ended it
    proto_specific_hangup_cause: str | None = None  # sip:486 and the like
    created: int | None = None
    progress: int | None = None
    progress_media: int | None = None
    answered: int | None = None
    bridged: int | None = None
    hung_up: int | None = None
    billmsec: int | None = None  # milliseconds since the answer
    hold_accum: int | None = None  # microseconds on hold
    page_reload: str | None = None  # the browser page that said it reloads; untrusted


@dataclass(frozen=True, kw_only=True)
class ExecuteCompleted(ChannelEvent):
    """An application of the dialplan or of ours ended; `app_uuid` is the Event-UUID we gave it.

    `digits` and `invalid_digits` are the result of play_and_get_digits: the keys that matched,
    or the keys that did not; both None if nothing was pressed or the caller hung up. `disposition` tells how ringing
    somebody from this leg (`bridge`) ended: SUCCESS, or a cause.
    """

    app: str
    app_uuid: str | None = None
    response: str | None = None
    answer_state: str | None = None
    disposition: str | None = None
    digits: str | None = None
    invalid_digits: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlaybackStopped(ChannelEvent):
    """A file or stream ended; `status` is `done` or `break`."""

    path: str | None = None
    status: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordingStarted(ChannelEvent):
    """A recording began."""

    path: str


@dataclass(frozen=True, kw_only=True)
class RecordingStopped(ChannelEvent):
    """A recording ended, by command or by hangup."""

    path: str
    record_ms: int | None = None
    file_size: int | None = None  # bytes


@dataclass(frozen=True, kw_only=True)
class DtmfPressed(ChannelEvent):
    """A key was pressed on this leg."""

    digit: str
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelHeld(ChannelEvent):
    """A phone put its call on hold."""


@dataclass(frozen=True, kw_only=True)
class ChannelUnheld(ChannelEvent):
    """A phone took its call back; `hold_accum` is the total time on hold in microseconds."""

    hold_accum: int | None = None


@dataclass(frozen=True, kw_only=True)
class JobFinished(SwitchEvent):
    """A background command of somebody ended; the body is its output (`+OK ...`, `-ERR CAUSE`)."""

    job_uuid: str
    command: str | None = None
    body: str = ""

    @property
    def ok(self) -> bool:
        """Whether the command did what it was asked."""
        return self.body.startswith("+OK")

    @property
    def cause(self) -> str | None:
        """Why it failed (`NO_ANSWER`, `USER_BUSY`, ...); None if it did not."""
        return self.body[5:].strip() if self.body.startswith("-ERR ") else None

    @property
    def lane(self) -> str:
        """The job: its order against channel events is not fixed anyway (docs/freeswitch.md, section 0)."""
        return self.job_uuid


@dataclass(frozen=True, kw_only=True)
class Heartbeat(SwitchEvent):
    """The switch's sign of life, each 20 seconds by default."""

    uptime_ms: int | None = None
    sessions: int | None = None
    max_sessions: int | None = None
    sessions_per_second: int | None = None


@dataclass(frozen=True, kw_only=True)
class SwitchShutdown(SwitchEvent):
    """The switch is going down: all its calls end."""


@dataclass(frozen=True, kw_only=True)
class DeviceEvent(SwitchEvent):
    """Something happened to the registration of one device of a SIP user."""

    user: str
    host: str
    call_id: str | None = None

    @property
    def lane(self) -> str:
        """One lane a SIP user."""
        return f"{self.user}@{self.host}"


@dataclass(frozen=True, kw_only=True)
class DeviceRegistered(DeviceEvent):
    """A device registered, or refreshed its registration (they look the same)."""

    contact: str | None = None
    expires: int | None = None  # seconds
    user_agent: str | None = None  # untrusted; our web phone puts its page id here
    network_ip: str | None = None
    network_port: int | None = None
    status: str | None = None
    profile: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeviceUnregistered(DeviceEvent):
    """A device left; `reason` is `socket-disconnection` when only its WebSocket dropped."""

    contact: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeviceExpired(DeviceEvent):
    """A registration ran out or was flushed; may come a minute late."""

    contact: str | None = None

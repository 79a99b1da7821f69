"""What a switch says when asked how things stand: channels, bridged pairs, registrations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from esl_handlers.errors import MalformedAnswerError
from esl_handlers.switch_events import ChannelParked

PARKED_STATES = frozenset({"CS_EXECUTE", "CS_PARK"})
BRIDGED_STATES = frozenset({"CS_SOFT_EXECUTE", "CS_EXCHANGE_MEDIA"})


@dataclass(frozen=True, kw_only=True)
class ChannelSnapshot(ChannelParked):
    """One leg as it is now, with everything a parked one tells; from `uuid_dump`.

    `bridged` is the time of the last bridge and stays after it ended: `state` says whether the
    leg is in one (docs/freeswitch.md, section 13).
    """

    state: str
    called: str | None = None
    call_state: str | None = None
    progress: int | None = None
    bridged: int | None = None
    application: str | None = None
    application_data: str | None = None
    response: str | None = None  # how the application ended; only some tell, and while one runs there is none
    read_result: str | None = None  # how the latest question ended, none while it is asked
    question: str | None = None  # the variable that the latest question's answer is in
    digits: str | None = None
    invalid_digits: str | None = None
    disposition: str | None = None  # how ringing somebody from this leg ended

    @property
    def is_parked(self) -> bool:
        """Waiting for us, perhaps playing something."""
        return self.state in PARKED_STATES

    @property
    def is_playing(self) -> bool:
        """Playing something. The application is the latest one: it may be over, or cut off by a bridge."""
        return self.application == "playback" and self.is_parked and self.response is None

    @property
    def is_asked(self) -> bool:
        """Being asked for keys, which were not pressed yet."""
        return self.application == "play_and_get_digits" and self.read_result is None

    @property
    def is_bridged(self) -> bool:
        """Talking to another leg."""
        return self.state in BRIDGED_STATES

    @property
    def is_ringing_out(self) -> bool:
        """An outgoing leg that was not answered yet."""
        return self.state == "CS_CONSUME_MEDIA"

    @property
    def is_stuck(self) -> bool:
        """Left behind by a bridge that failed: silent until it is parked again or killed."""
        return self.state == "CS_RESET"


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One line of `show channels`."""

    uuid: str
    direction: str
    state: str
    call_state: str
    created_s: int
    caller_number: str
    destination: str
    application: str
    application_data: str
    context: str


@dataclass(frozen=True, slots=True)
class BridgedPair:
    """Two legs that talk to each other, of `show calls`."""

    a_leg: str
    b_leg: str


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One registered device, of `show registrations`; `expires_s` is seconds since the epoch."""

    user: str
    host: str
    call_id: str
    contact: str
    expires_s: int
    network_ip: str
    network_port: str

    @property
    def is_web_phone(self) -> bool:
        """Registered over a WebSocket; the switch's own protocol column says udp for them."""
        return "transport=ws" in self.contact


def to_channel_rows(answer: str) -> list[ChannelRow]:
    """The lines of `show channels as json`.

    Raises:
        MalformedAnswerError: the answer is not in that form.
    """
    return [
        ChannelRow(
            uuid=_text(row, "uuid"),
            direction=_text(row, "direction"),
            state=_text(row, "state"),
            call_state=_text(row, "callstate"),
            created_s=_number(row, "created_epoch"),
            caller_number=_text(row, "cid_num"),
            destination=_text(row, "dest"),
            application=_text(row, "application"),
            application_data=_text(row, "application_data"),
            context=_text(row, "context"),
        )
        for row in _rows(answer)
    ]


def to_bridged_pairs(answer: str) -> list[BridgedPair]:
    """The pairs of `show calls as json`; legs that talk to nobody are left out.

    Raises:
        MalformedAnswerError: the answer is not in that form.
    """
    return [BridgedPair(_text(row, "uuid"), b_leg) for row in _rows(answer) if (b_leg := _text(row, "b_uuid"))]


def to_registration_rows(answer: str) -> list[RegistrationRow]:
    """The devices of `show registrations as json`.

    Raises:
        MalformedAnswerError: the answer is not in that form.
    """
    return [
        RegistrationRow(
            user=_text(row, "reg_user"),
            host=_text(row, "realm"),
            call_id=_text(row, "token"),
            contact=_text(row, "url"),
            expires_s=_number(row, "expires"),
            network_ip=_text(row, "network_ip"),
            network_port=_text(row, "network_port"),
        )
        for row in _rows(answer)
    ]


def _rows(answer: str) -> list[dict[str, Any]]:
    try:
        table = orjson.loads(answer)
    except orjson.JSONDecodeError as error:
        raise MalformedAnswerError(f"The switch's list is no JSON: {answer[:80]!r}") from error
    rows = table.get("rows", []) if isinstance(table, dict) else None  # an empty list has no "rows" at all
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise MalformedAnswerError(f"The switch's list has no rows: {answer[:80]!r}")
    return rows


def _text(row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    if not isinstance(value, str):
        raise MalformedAnswerError(f"A row of the switch's list lacks {column}.")
    return value


def _number(row: dict[str, Any], column: str) -> int:
    value = _text(row, column)
    if not value.isdecimal():
        raise MalformedAnswerError(f"{column} in a row of the switch's list is no number.")
    return int(value)

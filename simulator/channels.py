"""A channel: its variables, states and times, and the headers that describe it in every event."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.events import Headers

STATE_NUMBERS = {
    "CS_INIT": 2,
    "CS_ROUTING": 2,
    "CS_SOFT_EXECUTE": 3,
    "CS_EXECUTE": 4,
    "CS_EXCHANGE_MEDIA": 5,
    "CS_PARK": 6,
    "CS_CONSUME_MEDIA": 7,
    "CS_RESET": 9,
    "CS_HANGUP": 10,
    "CS_REPORTING": 11,
}

_TIMES = (
    "created",
    "answered",
    "progress",
    "progress_media",
    "hangup",
    "transfer",
    "resurrect",
    "bridged",
    "last_hold",
    "hold_accum",
)
_TIME_HEADERS = {
    name: f"Channel-{name.replace('_', '-').title()}" + ("" if "hold" in name else "-Time") for name in _TIMES
}

_CODEC_HEADERS: Headers = [
    (f"Channel-{way}-Codec-{what}", value)
    for way in ("Read", "Write")
    for what, value in (("Name", "PCMU"), ("Rate", "8000"), ("Bit-Rate", "64000"))
]


def microseconds() -> int:
    """Wall clock, microseconds since 1970."""
    return time.time_ns() // 1000


@dataclass(slots=True)
class CallerProfile:
    """Who calls whom on a channel; the switch rewrites parts of it while legs are joined."""

    caller_name: str
    caller_number: str
    destination: str
    context: str
    source: str
    username: str = ""
    dialplan: str = ""
    callee_name: str = ""
    callee_number: str = ""
    original_name: str = ""
    original_number: str = ""
    transfer_source: str = ""
    rdnis: str = ""
    index: int = 1


@dataclass(slots=True)
class Channel:
    """The describable half of a leg; what it is doing lives in its session."""

    uuid: str
    name: str
    direction: str
    profile: CallerProfile
    variables: dict[str, str]
    now: Callable[[], int] = microseconds
    state: str = "CS_INIT"
    call_state: str = "DOWN"
    answer_state: str = "ringing"
    hangup_cause: str = ""
    call_uuid: str = ""
    presence_id: str = ""
    other: "Channel | None" = None
    other_type: str = ""
    digits_dialed: str = ""
    last_application: tuple[str, str] = ("", "")
    times: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.times = dict.fromkeys(_TIMES, 0)
        self.times["created"] = self.times["profile_created"] = self.now()
        self.call_uuid = self.call_uuid or self.uuid
        first = {
            "direction": self.direction,
            "uuid": self.uuid,
            "call_uuid": self.call_uuid,
            "channel_name": self.name,
        }
        self.variables = first | {name: value for name, value in self.variables.items() if value}

    @property
    def answered(self) -> bool:
        """Whether the leg was ever answered."""
        return self.times["answered"] != 0

    def headers(self, *, with_variables: bool = True) -> Headers:
        """Everything an event says about this channel, in the order the switch writes it."""
        headers = self._basic() + self._caller("Caller")
        if self.other is not None:
            headers += [("Other-Type", self.other_type), *self.other._caller("Other-Leg")]
        if with_variables:
            headers += [(f"variable_{name}", value) for name, value in self.variables.items()]
        return headers

    def _basic(self) -> Headers:
        headers = [
            ("Channel-State", self.state),
            ("Channel-Call-State", self.call_state),
            ("Channel-State-Number", str(STATE_NUMBERS[self.state])),
            ("Channel-Name", self.name),
            ("Unique-ID", self.uuid),
            ("Call-Direction", self.direction),
            ("Presence-Call-Direction", self.direction),
            ("Channel-HIT-Dialplan", "true" if self.direction == "inbound" else "false"),
            ("Channel-Call-UUID", self.call_uuid),
            ("Answer-State", self.answer_state),
        ]
        if self.presence_id:
            headers.insert(8, ("Channel-Presence-ID", self.presence_id))
        if self.hangup_cause:
            headers.append(("Hangup-Cause", self.hangup_cause))
        return headers + _CODEC_HEADERS

    def _caller(self, prefix: str) -> Headers:
        who, times = self.profile, self.times
        optional = [
            (f"{prefix}-Username", who.username),
            (f"{prefix}-Dialplan", who.dialplan),
            (f"{prefix}-Caller-ID-Name", who.caller_name),
            (f"{prefix}-Caller-ID-Number", who.caller_number),
            (f"{prefix}-Orig-Caller-ID-Name", who.original_name),
            (f"{prefix}-Orig-Caller-ID-Number", who.original_number),
            (f"{prefix}-Callee-ID-Name", who.callee_name),
            (f"{prefix}-Callee-ID-Number", who.callee_number),
            (f"{prefix}-Network-Addr", "127.0.0.1"),
            (f"{prefix}-ANI", who.original_number),
            (f"{prefix}-Destination-Number", who.destination),
            (f"{prefix}-Unique-ID", self.uuid),
            (f"{prefix}-Source", who.source),
            (f"{prefix}-Transfer-Source", who.transfer_source),
            (f"{prefix}-Context", who.context),
            (f"{prefix}-RDNIS", who.rdnis),
            (f"{prefix}-Channel-Name", self.name),
        ]
        logical = "inbound" if prefix == "Other-Leg" else self.direction
        headers = [(f"{prefix}-Direction", self.direction), (f"{prefix}-Logical-Direction", logical)]
        headers += [(name, value) for name, value in optional if value]
        if prefix == "Caller":
            headers.append(("Caller-Profile-Index", str(who.index)))
        headers.append((f"{prefix}-Profile-Created-Time", str(times["profile_created"])))
        headers += [(f"{prefix}-{header}", str(times[name])) for name, header in _TIME_HEADERS.items()]
        return [
            *headers,
            (f"{prefix}-Screen-Bit", "true"),
            (f"{prefix}-Privacy-Hide-Name", "false"),
            (f"{prefix}-Privacy-Hide-Number", "false"),
        ]

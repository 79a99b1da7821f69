"""The simulated switch itself: its identity, its channels, and the one place where events come into being."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Protocol

from simulator.billing import stamp
from simulator.channels import Channel, microseconds
from simulator.endpoints import Gateway, Phone
from simulator.events import Event, Headers
from simulator.faults import Faults
from simulator.registrations import Registrations
from simulator.schedule import Schedule
from simulator.sessions import Application, Session

HOSTNAME = "fs1"
HISTORY = 5000
"""Legs remembered after their end."""

_CALLING = {
    "CHANNEL_PARK": ("switch_ivr.c", "switch_ivr_park", "1002"),
    "CHANNEL_UNPARK": ("switch_ivr.c", "switch_ivr_park", "1213"),
    "CHANNEL_ANSWER": ("switch_channel.c", "switch_channel_perform_mark_answered", "3848"),
    "CHANNEL_PROGRESS": ("switch_channel.c", "switch_channel_perform_mark_ring_ready_value", "3507"),
    "CHANNEL_PROGRESS_MEDIA": ("switch_channel.c", "switch_channel_perform_mark_pre_answered", "3664"),
    "CHANNEL_CALLSTATE": ("switch_channel.c", "switch_channel_perform_set_callstate", "302"),
    "CHANNEL_CREATE": ("switch_core_state_machine.c", "switch_core_session_run", "626"),
    "CHANNEL_ORIGINATE": ("switch_core_state_machine.c", "switch_core_session_run", "632"),
    "CHANNEL_HANGUP": ("switch_channel.c", "switch_channel_perform_hangup", "3447"),
    "CHANNEL_HANGUP_COMPLETE": ("switch_core_state_machine.c", "switch_core_session_reporting_state", "943"),
    "CHANNEL_DESTROY": ("switch_core_session.c", "switch_core_session_perform_destroy", "1588"),
    "CHANNEL_EXECUTE": ("switch_core_session.c", "switch_core_session_exec", "2949"),
    "CHANNEL_EXECUTE_COMPLETE": ("switch_core_session.c", "switch_core_session_exec", "2972"),
    "CHANNEL_BRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1689"),
    "CHANNEL_UNBRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1879"),
    "CHANNEL_HOLD": ("switch_channel.c", "switch_channel_mark_hold", "876"),
    "CHANNEL_UNHOLD": ("switch_channel.c", "switch_channel_mark_hold", "876"),
    "CHANNEL_DATA": ("mod_commands.c", "uuid_dump_function", "6495"),
    "PLAYBACK_START": ("switch_ivr_play_say.c", "switch_ivr_play_file", "1649"),
    "PLAYBACK_STOP": ("switch_ivr_play_say.c", "switch_ivr_play_file", "2023"),
    "RECORD_START": ("switch_ivr_async.c", "record_callback", "1482"),
    "RECORD_STOP": ("switch_ivr_async.c", "send_record_stop_event", "1241"),
    "MEDIA_BUG_START": ("switch_core_media_bug.c", "switch_core_media_bug_add", "1014"),
    "MEDIA_BUG_STOP": ("switch_core_media_bug.c", "switch_core_media_bug_destroy", "84"),
    "DTMF": ("switch_channel.c", "switch_channel_dequeue_dtmf", "678"),
    "BACKGROUND_JOB": ("mod_event_socket.c", "api_exec", "1580"),
    "HEARTBEAT": ("switch_core.c", "send_heartbeat", "95"),
    "CUSTOM": ("sofia_reg.c", "sofia_reg_handle_register_token", "2059"),
}


class Listener(Protocol):
    """Somebody connected to the event socket."""

    def wants(self, name: str, subclass: str | None) -> bool:
        """Whether this kind of event is subscribed."""

    def deliver(self, event: Event) -> None:
        """Take one event, in order."""


@dataclass(slots=True)
class Counters:
    """Figures since the start of the process; they outlive a simulated restart."""

    sessions: int = 0
    peak: int = 0
    placed: int = 0
    joined: int = 0
    ended: int = 0
    lost: int = 0
    """Calls of callers who hung up, or were hung up, before anybody was reached."""
    events: int = 0


@dataclass
class Switch:
    """State of the core. `tick` is the media interval in seconds: commands to a leg take effect within one."""

    tick: float = 0.02
    heartbeat_seconds: float = 20
    dead_man_seconds: int = 20
    domain: str = "cc.local"
    recordings_are_written: bool = False
    applications: Mapping[str, Application] = field(default_factory=dict)
    core_uuid: str = ""
    started_us: int = 0
    sequence: int = 0
    sessions: dict[str, Session] = field(default_factory=dict)
    history: dict[str, Session] = field(default_factory=dict)
    """The latest legs, ended ones included, for whoever asks what happened to them."""
    phones: dict[str, Phone] = field(default_factory=dict)
    gateways: dict[str, Gateway] = field(default_factory=dict)
    listeners: set[Listener] = field(default_factory=set)
    globals: dict[str, str] = field(default_factory=dict)
    conferences: dict[str, list[Session]] = field(default_factory=dict)
    counters: Counters = field(default_factory=Counters)
    faults: Faults = field(default_factory=Faults)
    observers: set[asyncio.Event] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.registrations = Registrations(self)
        self.schedule = Schedule()
        self.boot()

    def boot(self) -> None:
        """Come up with a new identity and without calls; registrations are kept in the switch's database."""
        self.core_uuid = str(uuid.uuid4())
        self.started_us = microseconds()
        self.sequence = 0
        self.conferences.clear()
        self.globals = {"core_uuid": self.core_uuid, "hostname": HOSTNAME, "domain": self.domain}

    def remember(self, session: Session) -> None:
        """Take in a new leg."""
        self.sessions[session.channel.uuid] = self.history[session.channel.uuid] = session
        self.counters.sessions += 1
        self.counters.peak = max(self.counters.peak, len(self.sessions))
        if len(self.history) > HISTORY:
            del self.history[next(iter(self.history))]

    def die(self) -> None:
        """kill -9: every call vanishes without an event."""
        self.schedule.clear()
        for session in list(self.sessions.values()):
            session.vanish()
        self.sessions.clear()

    def changed(self) -> None:
        """Wake everyone who waits for something observable."""
        for observer in self.observers:
            observer.set()

    def base_headers(self, name: str) -> Headers:
        """The headers every event begins with; takes the next Event-Sequence."""
        self.sequence += 1
        now = microseconds()
        file, function, line = _CALLING.get(name, ("switch_event.c", "switch_event_fire", "1"))
        return [
            ("Event-Name", name),
            ("Core-UUID", self.core_uuid),
            ("FreeSWITCH-Hostname", HOSTNAME),
            ("FreeSWITCH-Switchname", HOSTNAME),
            ("FreeSWITCH-IPv4", "127.0.0.1"),
            ("FreeSWITCH-IPv6", "::1"),
            ("Event-Date-Local", stamp(now)),
            ("Event-Date-GMT", formatdate(now / 1e6, usegmt=True)),
            ("Event-Date-Timestamp", str(now)),
            ("Event-Calling-File", file),
            ("Event-Calling-Function", function),
            ("Event-Calling-Line-Number", line),
            ("Event-Sequence", str(self.sequence)),
        ]

    def publish_channel(
        self, name: str, channel: Channel, before: Headers, after: Headers, *, bare: bool = False
    ) -> None:
        """Fire an event about a channel; `bare` ones (DTMF, CALLSTATE) carry no variables."""
        if not self._wanted(name, None):
            self.sequence += 1
            return
        headers = [*self.base_headers(name), *before, *channel.headers(with_variables=not bare), *after]
        self._deliver(Event(name, headers, channel=channel.uuid))

    def publish(self, name: str, headers: Headers, body: str = "") -> None:
        """Fire an event that belongs to no channel."""
        self._deliver(Event(name, self.base_headers(name) + headers, body=body))

    def publish_custom(self, subclass: str, headers: Headers, channel: Channel | None = None) -> None:
        """Fire a CUSTOM event: its Event-Subclass line comes first."""
        first = [("Event-Subclass", subclass), *self.base_headers("CUSTOM")]
        about = channel.headers(with_variables=False) if channel else []
        self._deliver(Event("CUSTOM", [*first, *about, *headers], subclass=subclass))

    def _wanted(self, name: str, subclass: str | None) -> bool:
        return any(listener.wants(name, subclass) for listener in self.listeners)

    def _deliver(self, event: Event) -> None:
        self.counters.events += 1
        self.faults.pass_on(event, self._hand_out)

    def _hand_out(self, event: Event) -> None:
        for listener in tuple(self.listeners):
            if listener.wants(event.name, event.subclass):
                listener.deliver(event)

    def uptime_us(self) -> int:
        """Microseconds since boot."""
        return microseconds() - self.started_us

    async def beat(self) -> None:
        """Fire HEARTBEAT for ever."""
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            self.publish("HEARTBEAT", self._heartbeat())

    def _heartbeat(self) -> Headers:
        return [
            ("Event-Info", "System Ready"),
            ("Up-Time", uptime_text(self.uptime_us())),
            ("Uptime-msec", str(self.uptime_us() // 1000)),
            ("Session-Count", str(len(self.sessions))),
            ("Max-Sessions", "5000"),
            ("Session-Per-Sec", "1000"),
            ("Session-Per-Sec-Last", "0"),
            ("Session-Per-Sec-Max", "0"),
            ("Session-Per-Sec-FiveMin", "0"),
            ("Session-Since-Startup", str(self.counters.sessions)),
            ("Session-Peak-Max", str(self.counters.peak)),
            ("Session-Peak-FiveMin", str(self.counters.peak)),
            ("Idle-CPU", "97.000000"),
        ]


def uptime_text(microseconds_up: int) -> str:
    """`0 years, 0 days, 0 hours, 7 minutes, 30 seconds, 606 milliseconds, 666 microseconds`."""
    seconds, micros = divmod(microseconds_up, 1_000_000)
    spans = [("year", 31_536_000), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)]
    parts = []
    for name, size in spans:
        count, seconds = divmod(seconds, size)
        parts.append((count, name))
    parts += [(micros // 1000, "millisecond"), (micros % 1000, "microsecond")]
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts)

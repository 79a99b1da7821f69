"""Commands about the connection itself, and questions to the switch."""

from __future__ import annotations

from dataclasses import dataclass, field

from esl_handlers.switch_commands import safe
from esl_handlers.switch_commands.base import ApiCommand, SwitchCommand


@dataclass(frozen=True, slots=True)
class Authenticate(SwitchCommand):
    """Show the event socket's password."""

    password: str = field(repr=False)

    def _lines(self) -> list[str]:
        return [f"auth {self.password}"]


@dataclass(frozen=True, slots=True)
class Exit(SwitchCommand):
    """Say goodbye; the switch answers, then closes."""

    def _lines(self) -> list[str]:
        return ["exit"]


@dataclass(frozen=True, slots=True)
class Subscribe(SwitchCommand):
    """Ask for events by name; subclasses of CUSTOM come last, since every word behind it is taken as one."""

    events: tuple[str, ...]

    def _lines(self) -> list[str]:
        names = [safe.word(name, "an event") for name in self.events if "::" not in name]
        subclasses = [safe.word(name.replace("::", "."), "a subclass") and name for name in self.events if "::" in name]
        return [" ".join(["event plain", *names, *(["CUSTOM", *subclasses] if subclasses else [])])]


@dataclass(frozen=True, slots=True)
class GetCoreUuid(ApiCommand):
    """Ask which run of the switch this is; also the cheapest sign of life."""

    def _words(self) -> tuple[str, ...]:
        return "global_getvar", "core_uuid"


@dataclass(frozen=True, slots=True)
class ShowChannels(ApiCommand):
    """List all legs; the answer goes to snapshots.to_channel_rows."""

    def _words(self) -> tuple[str, ...]:
        return "show", "channels", "as", "json"


@dataclass(frozen=True, slots=True)
class ShowCalls(ApiCommand):
    """List which legs talk to which; the answer goes to snapshots.to_bridged_pairs."""

    def _words(self) -> tuple[str, ...]:
        return "show", "calls", "as", "json"


@dataclass(frozen=True, slots=True)
class ShowRegistrations(ApiCommand):
    """List registered devices; the answer goes to snapshots.to_registration_rows."""

    def _words(self) -> tuple[str, ...]:
        return "show", "registrations", "as", "json"


@dataclass(frozen=True, slots=True)
class DumpChannel(ApiCommand):
    """Describe one leg with all its variables; the answer goes to translate.to_channel."""

    uuid: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_dump", safe.uuid(self.uuid), "json"


@dataclass(frozen=True, slots=True)
class ChannelExists(ApiCommand):
    """Ask whether a leg lives: `true` or `false`."""

    uuid: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_exists", safe.uuid(self.uuid)


@dataclass(frozen=True, slots=True)
class GetVariable(ApiCommand):
    """Ask for one variable of a leg: its value, or `_undef_`."""

    uuid: str
    name: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_getvar", safe.uuid(self.uuid), safe.variable(self.name)


@dataclass(frozen=True, slots=True)
class CountMedia(ApiCommand):
    """Write the leg's packet counters into its variables (`rtp_audio_in_packet_count`, ...)."""

    uuid: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_set_media_stats", safe.uuid(self.uuid)


@dataclass(frozen=True, slots=True)
class FindContact(ApiCommand):
    """Ask where a user is registered: a contact, or `error/user_not_registered`."""

    user: str
    domain: str

    def _words(self) -> tuple[str, ...]:
        return "sofia_contact", f"*/{safe.address(self.user, self.domain)}"


@dataclass(frozen=True, slots=True)
class DropRegistration(ApiCommand):
    """Forget the devices of a user; proved by DeviceExpired."""

    profile: str
    user: str
    domain: str

    def _words(self) -> tuple[str, ...]:
        profile, who = safe.word(self.profile, "a profile"), safe.address(self.user, self.domain)
        return "sofia", "profile", profile, "flush_inbound_reg", who

"""Asks a switch how things stand, in the words of the reconciling use case."""

from collections.abc import Iterator, Sequence

from esl_handlers.client import SwitchConnection
from esl_handlers.questions import question_of
from esl_handlers.snapshots import ChannelRow, ChannelSnapshot, to_channel_rows, to_registration_rows
from esl_handlers.switch_commands.base import SwitchCommand
from esl_handlers.switch_commands.session import (
    ChannelExists,
    DumpChannel,
    GetCoreUuid,
    ShowChannels,
    ShowRegistrations,
)
from esl_handlers.translate import to_channel
from orchestrator.service.call_out import CUSTOMER
from orchestrator.service.ports import Configurations
from orchestrator.service.seen import LegSeen
from orchestrator.service.use_cases import UseCases

#: Contexts in which the dialplan parks customers' calls for us.
CALLERS = ("public", "cc_transfer")

#: Channels asked for at once: replies are pipelined.
PIPELINED = 50

#: The switch's own lists lag its events, by up to 0.3 s measured (docs/freeswitch.md, section 13). What happened just
#: before we subscribed is in them only after this time (s); what happens meanwhile comes as events.
LISTS_LAG_S = 0.5


class SwitchReconcile:
    """Takes over one switch's calls and devices."""

    def __init__(self, use: UseCases, configurations: Configurations) -> None:
        """`configurations` know which devices are ours."""
        self._use, self._configurations = use, configurations
        self._core: dict[str, str] = {}

    def adopt(self, switch: str, connection: SwitchConnection) -> None:
        """Bring what is stored in line with the switch; call this before any event is handled."""
        known = self._use.reconcile.known(switch)
        connection.wait_ended(LISTS_LAG_S)
        core = _ask(connection, GetCoreUuid())[0].strip()
        seen = list(_legs(connection))
        restarted = self._core.get(switch, core) != core
        self._core[switch] = core
        self._devices(switch, connection)
        self._use.reconcile.adopt(switch, known, seen, restarted)

    def audit(self, switch: str, connection: SwitchConnection) -> None:
        """Find what no event has told: ends of legs, and callers who wait unknown.

        Everything in the list has been told of by events after LISTS_LAG_S; what it lacks is asked for by name.
        """
        rows = to_channel_rows(_ask(connection, ShowChannels())[0])
        connection.wait_ended(LISTS_LAG_S)
        known = self._use.reconcile.known(switch)
        ours = {call for _, call in known.calls}
        missing = sorted((ours | {leg for *_, leg in known.talks}) - {row.uuid for row in rows})
        answers = _ask(connection, *(ChannelExists(uuid=leg) for leg in missing))
        gone = [leg for leg, answer in zip(missing, answers, strict=True) if answer.strip() == "false"]
        unknown = {row.uuid for row in rows if row.context in CALLERS and row.direction == "inbound"} - ours
        seen = list(_dumped(connection, rows)) if unknown else []
        self._use.reconcile.audit(switch, known, gone, unknown, seen)

    def _devices(self, switch: str, connection: SwitchConnection) -> None:
        there = {row.user for row in to_registration_rows(_ask(connection, ShowRegistrations())[0])}
        for tenant in self._configurations.tenants():
            config = self._configurations.tenant(tenant)
            for agent in config.agents.values() if config else ():
                self._use.devices.registered(agent.device, agent.device in there, switch=switch)


def _ask(connection: SwitchConnection, *commands: SwitchCommand) -> list[str]:
    """Write all commands, then wait for all answers; raises ConnectionLostError."""
    return [reply.result().text for reply in connection.send(*commands)]


def _legs(connection: SwitchConnection) -> Iterator[LegSeen]:
    return _dumped(connection, to_channel_rows(_ask(connection, ShowChannels())[0]))


def _dumped(connection: SwitchConnection, rows: Sequence[ChannelRow]) -> Iterator[LegSeen]:
    for start in range(0, len(rows), PIPELINED):
        dumps = _ask(connection, *(DumpChannel(uuid=row.uuid) for row in rows[start : start + PIPELINED]))
        for dump in dumps:
            channel = to_channel(dump)
            if channel:
                yield _seen(channel)


def _seen(channel: ChannelSnapshot) -> LegSeen:
    customer = channel.cc_role == CUSTOMER  # called by us: what was dialled is the customer
    return LegSeen(
        leg=channel.uuid,
        role=channel.cc_role or "",
        tenant=channel.cc_tenant or "",
        call=channel.cc_call or "",
        agent=channel.cc_agent or "",
        queue=channel.cc_queue or "",
        state=channel.cc_state or "",
        entered=channel.cc_entered or 0,
        priority=channel.cc_priority or 0,
        inbound=channel.direction == "inbound",
        ours=channel.context in CALLERS,
        answered=channel.answered or 0,
        created=channel.created or 0,
        parked=channel.is_parked and channel.answer_state == "answered",
        rings=bool(channel.progress),
        bridged=channel.is_bridged,
        playing=channel.is_playing,
        sound=channel.application_data or "",
        asking=channel.is_asked,
        question=question_of(channel.question or ""),
        key=(channel.digits or channel.invalid_digits or "") if channel.read_result else "",
        conferring=channel.application == "conference",
        dialling=channel.application == "bridge",
        disposition=channel.disposition or "",
        caller=(channel.called or channel.destination if customer else channel.caller_number) or "",
        called=channel.called or "",
        caller_name="" if customer else channel.caller_name or "",
        number=channel.cc_did or channel.destination or "",
        recording=channel.cc_rec or "",
        masked=channel.cc_mask,
        transfer_to=channel.transfer_to or "",
    )

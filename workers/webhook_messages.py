"""What webhooks are told of: messages made of the events of a tenant, each once (API-1).

Written in the transaction that stores the events: whoever is killed leaves both or neither.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from orchestrator.database.billing.accounts import versions_of
from orchestrator.database.billing.ledger import balance_of
from orchestrator.database.call_places import find_record
from orchestrator.database.models import BillingAccount, Webhook
from orchestrator.database.recordings import Kind as RecordingKind
from orchestrator.database.recordings import Status, recording_of
from orchestrator.database.webhooks import Message, add_deliveries, listening
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import (
    AgentChanged,
    CallArrived,
    CallbackMissed,
    CallbackPromised,
    CallEnded,
    CallingAlert,
    Connected,
    Event,
    FormSaved,
    QueueEntered,
    QueueLeft,
)
from orchestrator.webhooks.kinds import Kind
from workers.bills import now_us
from workers.event_log import StoredEvent, decode

#: Columns of a call's record that other systems are told.
CALL_COLUMNS = (
    "call", "caller", "caller_name", "number", "queue", "agent", "arrived", "answered", "connected", "ended",
    "outcome", "hung_up_by", "wait_us", "ring_us", "talk_us", "hold_us", "short", "score",
)  # fmt: skip

#: How a wait in a queue ended, of those that are told.
LEFT = {Outcome.ABANDONED: Kind.CALL_ABANDONED, Outcome.TIMED_OUT: Kind.CALL_TIMED_OUT}

Row = dict[str, Any]
Told = tuple[Kind, Row]


def tell(tenant: str, stored: Sequence[StoredEvent]) -> list[int]:
    """Write messages of a batch of events and return the webhooks to be served. Call it in the batch's transaction,
    after the records are written.
    """
    webhooks = listening(tenant)
    wanted = {kind for webhook in webhooks for kind in webhook.events}
    messages = [message for row in stored if wanted and (message := _message(tenant, row, wanted))]
    return _add(webhooks, messages)


def tell_stored(tenant: str, recording: str) -> list[int]:
    """Write the message that a recording can be heard, if it can; returns the webhooks to be served."""
    row = recording_of(tenant, recording)
    webhooks = listening(tenant)
    if row.status != Status.STORED or not webhooks:
        return []
    kind = Kind.VOICEMAIL_READY if row.kind == RecordingKind.VOICEMAIL else Kind.RECORDING_READY
    names = ("recording", "call", "queue", "agent", "begun", "started", "ended", "ms", "sha256")
    data = {name: getattr(row, name) for name in names}
    return _add(webhooks, [Message(id=f"recording-{recording}", type=kind, at=row.stored_at or now_us(), data=data)])


def tell_low_balances() -> dict[str, list[int]]:
    """Write, once for each time that a balance became low, the message of it; returns the webhooks to be served."""
    low = BillingAccount.select().where(BillingAccount.low_since.is_null(False))
    told = ((account.tenant_id, account.low_since, account.tariff_id) for account in low)
    return {tenant: _tell_low(tenant, since, tariff) for tenant, since, tariff in told if since is not None}


def _tell_low(tenant: str, since: int, tariff: str) -> list[int]:
    webhooks = listening(tenant)
    if not webhooks:
        return []
    currency = versions_of(tariff)[-1].currency
    data = {"since": since, "balance": str(balance_of(tenant)[1]), "currency": currency}
    return _add(webhooks, [Message(id=f"balance-{since}", type=Kind.BALANCE_LOW, at=since, data=data)])


def _add(webhooks: Iterable[Webhook], messages: Sequence[Message]) -> list[int]:
    if not messages:
        return []
    add_deliveries(webhooks, messages, now_us())
    kinds = {message.type for message in messages}
    return [webhook.id for webhook in webhooks if webhook.active and kinds & set(webhook.events)]


def _message(tenant: str, row: StoredEvent, wanted: set[str]) -> Message | None:
    """Return what is told of an event, None where nothing is or nobody wants it."""
    make = _MAKERS.get(row.type)
    event = decode(row.type, row.json) if make else None
    told = make(tenant, event) if make and event else None
    if told is None or told[0] not in wanted:
        return None
    return Message(id=row.stream_id, type=told[0], at=row.at, data=told[1])


def _plain(event: Event, *without: str) -> Row:
    return {name: value for name, value in asdict(event).items() if name not in ("at", *without)}


def _arrived(_: str, event: CallArrived) -> Told | None:
    """A test call is nobody's business; one found again after a loss has been told of."""
    return None if event.test or event.rebuilt else (Kind.CALL_ARRIVED, _plain(event, "switch", "rebuilt", "test"))


def _queued(_: str, event: QueueEntered) -> Told | None:
    return Kind.CALL_QUEUED, _plain(event, "raised", "raised_by", "limit")


def _connected(_: str, event: Connected) -> Told | None:
    return Kind.CALL_CONNECTED, _plain(event)


def _left(_: str, event: QueueLeft) -> Told | None:
    kind = LEFT.get(event.outcome)
    data = {"call": event.call, "queue": event.queue, "entered": event.entered, "wait_us": event.wait}
    return (kind, {**data, "short": event.short}) if kind else None


def _ended(tenant: str, event: CallEnded) -> Told | None:
    """What the call's record says; a test call has none."""
    row = find_record(tenant, event.call)
    return (Kind.CALL_ENDED, {name: getattr(row, name) for name in CALL_COLUMNS}) if row else None


def _agent(_: str, event: AgentChanged) -> Told | None:
    agent = event.agent
    if agent.state == event.previous and agent.since == event.previous_since:
        return None
    data = {"agent": agent.id, "state": agent.state, "reason": agent.reason, "since": agent.since}
    past = {"previous": event.previous, "previous_since": event.previous_since}
    return Kind.AGENT_STATE_CHANGED, {**data, **past, "cause": event.cause, "by": event.by, "call": event.call}


def _form(_: str, event: FormSaved) -> Told | None:
    return Kind.FORM_SAVED, _plain(event)


def _promised(_: str, event: CallbackPromised) -> Told | None:
    return Kind.CALLBACK_PROMISED, _plain(event)


def _missed(_: str, event: CallbackMissed) -> Told | None:
    return Kind.CALLBACK_MISSED, _plain(event)


def _alert(_: str, event: CallingAlert) -> Told | None:
    kind = Kind.CALLING_LIMIT_REACHED if event.limit else Kind.CALLING_REFUSED_OFTEN
    return kind, _plain(event, "refused" if event.limit else "limit")


_MAKERS: dict[str, Callable[[str, Any], Told | None]] = {
    CallArrived.type: _arrived,
    QueueEntered.type: _queued,
    Connected.type: _connected,
    QueueLeft.type: _left,
    CallEnded.type: _ended,
    AgentChanged.type: _agent,
    FormSaved.type: _form,
    CallbackPromised.type: _promised,
    CallbackMissed.type: _missed,
    CallingAlert.type: _alert,
}

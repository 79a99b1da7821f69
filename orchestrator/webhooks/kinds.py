"""What webhooks can tell of. Names stay for ever; what each one holds is described in docs/api.md."""

from enum import StrEnum


class Kind(StrEnum):
    """Kinds of events, by the names that other systems know."""

    CALL_ARRIVED = "call.arrived"
    CALL_QUEUED = "call.queued"
    CALL_CONNECTED = "call.connected"
    CALL_ABANDONED = "call.abandoned"
    CALL_TIMED_OUT = "call.timed_out"
    CALL_ENDED = "call.ended"
    AGENT_STATE_CHANGED = "agent.state_changed"
    FORM_SAVED = "form.saved"
    CALLBACK_PROMISED = "callback.promised"
    CALLBACK_MISSED = "callback.missed"
    RECORDING_READY = "recording.ready"
    VOICEMAIL_READY = "voicemail.ready"
    BALANCE_LOW = "balance.low"
    CALLING_LIMIT_REACHED = "calling.limit_reached"
    CALLING_REFUSED_OFTEN = "calling.refused_often"


#: Sent by hand, to see whether messages arrive; nobody chooses it.
TEST = "webhook.test"

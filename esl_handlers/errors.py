"""Everything that can go wrong between us and a switch, one class a reason.

`error_id` is stable: logs, metrics and the API name a failure by it.
"""

from __future__ import annotations

from typing import ClassVar


class SwitchError(Exception):
    """Base of all errors of this package; `str()` is one sentence for a person."""

    error_id: ClassVar[str] = "switch_error"


class CannotConnectError(SwitchError):
    """A connection could not be opened; the subclass says why."""

    error_id = "switch_cannot_connect"


class UnreachableError(CannotConnectError):
    """Nothing answers on the event socket's address, or not in time."""

    error_id = "switch_unreachable"


class WrongPasswordError(CannotConnectError):
    """The switch refused the event socket's password."""

    error_id = "switch_wrong_password"


class AccessDeniedError(CannotConnectError):
    """The switch's access list refuses our address (text/rude-rejection)."""

    error_id = "switch_access_denied"


class SubscriptionRefusedError(CannotConnectError):
    """The switch did not accept the list of events."""

    error_id = "switch_subscription_refused"


class ConnectionLostError(SwitchError):
    """The connection is over; every command without a reply fails with this."""

    error_id = "switch_connection_lost"


class SwitchClosedError(ConnectionLostError):
    """The switch ended the connection (shutdown, reload, or its socket died)."""

    error_id = "switch_closed"


class StoppedError(ConnectionLostError):
    """We ended the connection ourselves."""

    error_id = "switch_stopped"


class SwitchSilentError(ConnectionLostError):
    """Nothing came for too long and a probe went unanswered: the socket is half-open."""

    error_id = "switch_silent"


class CommandTimedOutError(ConnectionLostError):
    """A reply did not come in time; later replies could no longer be told apart."""

    error_id = "switch_command_timed_out"


class EventsLateError(ConnectionLostError):
    """Events reach us too long after they happened: start again from a snapshot."""

    error_id = "switch_events_late"


class EventBacklogError(ConnectionLostError):
    """More events wait to be handled than allowed: start again from a snapshot."""

    error_id = "switch_event_backlog"


class BrokenStreamError(ConnectionLostError):
    """The bytes are no valid event socket stream; the connection cannot go on."""

    error_id = "switch_broken_stream"


class FrameTooLargeError(BrokenStreamError):
    """A header block or body is longer than the limits allow."""

    error_id = "switch_frame_too_large"


class TruncatedFrameError(BrokenStreamError):
    """The stream ended inside a frame."""

    error_id = "switch_truncated_frame"


class JobTimedOutError(SwitchError):
    """A background job did not finish in the time its caller gave it."""

    error_id = "switch_job_timed_out"


class JobRefusedError(SwitchError):
    """The switch did not accept a background job."""

    error_id = "switch_job_refused"


class MalformedEventError(SwitchError):
    """An event of a kind we know lacks a field that it must have."""

    error_id = "switch_malformed_event"


class MalformedAnswerError(SwitchError):
    """The switch's answer to a query has not the form that we know."""

    error_id = "switch_malformed_answer"


class UnsafeArgumentError(SwitchError):
    """A value may not stand in a switch command; the message names it and the rule."""

    error_id = "switch_unsafe_argument"

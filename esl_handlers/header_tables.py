"""The switch's header names: which of them each kind of event is read from, and how. They stand nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from esl_handlers import switch_events as events

Value = str | int | None
Headers = Mapping[str, tuple[str, Callable[[str], Value]]]  # header -> (field, how to read it)


def text(value: str) -> str | None:
    """The value, None for an empty one."""
    return value or None


def number(value: str) -> int | None:
    """The value as a number, None if it is none."""
    return int(value) if value.isdecimal() and len(value) < 20 else None


def time(value: str) -> int | None:
    """Microseconds UTC; the switch writes 0 for "never"."""
    return number(value) or None


COMMON: Headers = {"Core-UUID": ("core_uuid", text), "Event-Date-Timestamp": ("at", time)}
CHANNEL: Headers = {
    **COMMON,
    "Unique-ID": ("uuid", text),
    "variable_cc_tenant": ("cc_tenant", text),
    "variable_cc_call": ("cc_call", text),
    "variable_cc_role": ("cc_role", text),
    "variable_cc_agent": ("cc_agent", text),
    "variable_cc_queue": ("cc_queue", text),
    "variable_cc_state": ("cc_state", text),
    "variable_cc_entered": ("cc_entered", time),
    "variable_cc_priority": ("cc_priority", number),
    "variable_cc_did": ("cc_did", text),
    "variable_cc_rec": ("cc_rec", text),
    "variable_cc_mask": ("cc_mask", number),
}
#: The order in which the switch writes the headers of a channel's event: a search goes faster along it.
ORDER = (
    "Core-UUID",
    "Event-Date-Timestamp",
    "Channel-Name",
    "Unique-ID",
    "Call-Direction",
    "Answer-State",
    "Hangup-Cause",
    "Caller-Caller-ID-Name",
    "Caller-Caller-ID-Number",
    "Caller-Destination-Number",
    "Caller-Context",
    "Caller-Channel-Created-Time",
    "Caller-Channel-Answered-Time",
    "Caller-Channel-Progress-Time",
    "Caller-Channel-Progress-Media-Time",
    "Caller-Channel-Hangup-Time",
    "Caller-Channel-Bridged-Time",
    "Caller-Channel-Hold-Accum",
)
DIRECTION: Headers = {"Call-Direction": ("direction", text)}
ANSWER_STATE: Headers = {"Answer-State": ("answer_state", text)}
ANSWERED: Headers = {"Caller-Channel-Answered-Time": ("answered", time)}
PARTIES: Headers = {
    **DIRECTION,
    **ANSWERED,
    "Caller-Caller-ID-Number": ("caller_number", text),
    "Caller-Destination-Number": ("destination", text),
    "Caller-Channel-Created-Time": ("created", time),
}
PARKED: Headers = {
    **CHANNEL,
    **PARTIES,
    **ANSWER_STATE,
    "Caller-Caller-ID-Name": ("caller_name", text),
    "Caller-Context": ("context", text),
    "Channel-Name": ("channel_name", text),
    "variable_sip_call_id": ("sip_call_id", text),
    "variable_sip_auth_username": ("sip_auth_username", text),
    "variable_cc_transfer_to": ("transfer_to", text),
}
HUNG_UP: Headers = {
    **CHANNEL,
    **PARTIES,
    "Hangup-Cause": ("cause", text),
    "variable_sip_hangup_disposition": ("sip_hangup_disposition", text),
    "variable_proto_specific_hangup_cause": ("proto_specific_hangup_cause", text),
    "Caller-Channel-Progress-Time": ("progress", time),
    "Caller-Channel-Progress-Media-Time": ("progress_media", time),
    "Caller-Channel-Bridged-Time": ("bridged", time),
    "Caller-Channel-Hangup-Time": ("hung_up", time),
    "Caller-Channel-Hold-Accum": ("hold_accum", number),
    "variable_billmsec": ("billmsec", number),
    "variable_sip_bye_h_X-Reload": ("page_reload", text),
}
LEGS: Headers = {"Bridge-A-Unique-ID": ("a_leg", text), "Bridge-B-Unique-ID": ("b_leg", text)}
EXECUTED: Headers = {
    **CHANNEL,
    **ANSWER_STATE,
    "Application": ("app", text),
    "Application-UUID": ("app_uuid", text),
    "Application-Response": ("response", text),
    "variable_originate_disposition": ("disposition", text),
}
PLAYBACK: Headers = {"Playback-File-Path": ("path", text), "Playback-Status": ("status", text)}
RECORD: Headers = {**CHANNEL, "Record-File-Path": ("path", text)}
RECORDED: Headers = {
    **RECORD,
    "variable_record_ms": ("record_ms", number),
    "variable_record_file_size": ("file_size", number),
}
DEVICE: Headers = {
    **COMMON,
    "from-user": ("user", text),
    "from-host": ("host", text),
    "call-id": ("call_id", text),
    "contact": ("contact", text),
}
REGISTERED: Headers = {
    **DEVICE,
    "expires": ("expires", number),
    "user-agent": ("user_agent", text),
    "network-ip": ("network_ip", text),
    "network-port": ("network_port", number),
    "status": ("status", text),
    "profile-name": ("profile", text),
}
EXPIRED: Headers = {  # the one event that writes user and host without "from-"
    **COMMON,
    "user": ("user", text),
    "host": ("host", text),
    "call-id": ("call_id", text),
    "contact": ("contact", text),
}
JOB: Headers = {
    **COMMON,
    "Job-UUID": ("job_uuid", text),
    "Job-Command": ("command", text),
    "Content-Length": ("body_length", number),
}
HEARTBEAT: Headers = {
    **COMMON,
    "Uptime-msec": ("uptime_ms", number),
    "Session-Count": ("sessions", number),
    "Max-Sessions": ("max_sessions", number),
    "Session-Per-Sec-Last": ("sessions_per_second", number),
}
SNAPSHOT: Headers = {
    **PARKED,
    "variable_cc_called": ("called", text),
    "Channel-State": ("state", text),
    "Channel-Call-State": ("call_state", text),
    "Caller-Channel-Progress-Time": ("progress", time),
    "Caller-Channel-Bridged-Time": ("bridged", time),
    "variable_current_application": ("application", text),
    "variable_current_application_data": ("application_data", text),
    "variable_current_application_response": ("response", text),
    "variable_read_result": ("read_result", text),
    "variable_originate_disposition": ("disposition", text),
}


#: How each kind of event that we subscribe to is read.
EVENTS: dict[str, tuple[type[events.SwitchEvent], Headers]] = {
    "CHANNEL_PARK": (events.ChannelParked, PARKED),
    "CHANNEL_PROGRESS": (events.ChannelProgress, CHANNEL),
    "CHANNEL_PROGRESS_MEDIA": (events.ChannelProgressMedia, CHANNEL),
    "CHANNEL_ANSWER": (events.ChannelAnswered, {**CHANNEL, **DIRECTION, **ANSWERED}),
    "CHANNEL_BRIDGE": (events.ChannelBridged, {**CHANNEL, **LEGS}),
    "CHANNEL_UNBRIDGE": (events.ChannelUnbridged, {**CHANNEL, **LEGS}),
    "CHANNEL_HANGUP_COMPLETE": (events.ChannelHungUp, HUNG_UP),
    "CHANNEL_EXECUTE_COMPLETE": (events.ExecuteCompleted, EXECUTED),
    "PLAYBACK_STOP": (events.PlaybackStopped, {**CHANNEL, **PLAYBACK}),
    "RECORD_START": (events.RecordingStarted, RECORD),
    "RECORD_STOP": (events.RecordingStopped, RECORDED),
    "DTMF": (events.DtmfPressed, {**CHANNEL, "DTMF-Digit": ("digit", text), "DTMF-Source": ("source", text)}),
    "CHANNEL_HOLD": (events.ChannelHeld, CHANNEL),
    "CHANNEL_UNHOLD": (events.ChannelUnheld, {**CHANNEL, "Caller-Channel-Hold-Accum": ("hold_accum", number)}),
    "BACKGROUND_JOB": (events.JobFinished, JOB),
    "HEARTBEAT": (events.Heartbeat, HEARTBEAT),
    "SHUTDOWN": (events.SwitchShutdown, COMMON),
    "sofia::register": (events.DeviceRegistered, REGISTERED),
    "sofia::unregister": (events.DeviceUnregistered, {**DEVICE, "reason": ("reason", text)}),
    "sofia::expire": (events.DeviceExpired, EXPIRED),
}

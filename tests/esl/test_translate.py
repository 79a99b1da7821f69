"""Typed events out of recorded and forged ones."""

from __future__ import annotations

import contextlib
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esl_handlers import switch_events as events
from esl_handlers.errors import MalformedAnswerError, MalformedEventError
from esl_handlers.header_tables import EVENTS
from esl_handlers.translate import to_channel, to_event
from tests.esl import recorded

HEAD = b"Event-Name: CHANNEL_PARK\nCore-UUID: core\nEvent-Date-Timestamp: 1795345657755494\n"
PARK = HEAD + b"Unique-ID: leg\nCall-Direction: inbound\nAnswer-State: ringing\n"


def parked(more: bytes) -> events.ChannelParked:
    event = to_event(PARK + more + b"\n")
    assert isinstance(event, events.ChannelParked)
    return event


def all_of(name: str) -> list[events.SwitchEvent]:
    found = (to_event(body) for body in recorded.event_bodies(name))
    return [event for event in found if event is not None]


def reference(body: bytes) -> dict[str, str]:
    """The safe but slow way: split everything, then decode every value (docs/freeswitch.md, section 14)."""
    headers: dict[str, str] = {}
    for line in body.partition(b"\n\n")[0].split(b"\n"):
        name, _, value = line.partition(b": ")
        headers.setdefault(name.decode(), unquote_to_bytes(value).decode("utf-8", "replace"))
    return headers


@pytest.mark.parametrize("trace", recorded.names())
def test_looking_up_few_headers_finds_what_splitting_all_finds(trace: str) -> None:
    """SAFE-1: the fast lookup agrees with the plain one, for every field of every recorded event."""
    for body in recorded.event_bodies(trace):
        event = to_event(body)
        if event is None:
            continue
        plain = reference(body)
        name = plain["Event-Subclass"] if plain["Event-Name"] == "CUSTOM" else plain["Event-Name"]
        for header, (field, read) in EVENTS[name][1].items():
            if field != "body_length":
                expected = read(plain[header]) if header in plain else None
                assert getattr(event, field) == expected, (header, field)


def test_a_new_call_carries_all_that_routing_needs() -> None:
    """CALL-1: the first park of a caller tells who calls whom."""
    event = all_of("14a-display-name-zh")[0]
    assert isinstance(event, events.ChannelParked)
    assert (event.direction, event.answer_state, event.context) == ("inbound", "ringing", "public")
    assert (event.caller_number, event.destination, event.cc_did) == ("13800138000", "4001", "4001")
    assert event.caller_name == "张三丰"
    assert event.lane == event.uuid


def test_a_display_name_forges_no_headers() -> None:
    """SAFE-2: a name holding encoded newlines and headers stays a name (trace 14a)."""
    event = all_of("14a-display-name-uniq")[0]
    assert isinstance(event, events.ChannelParked)
    assert event.uuid == "8f7b0ea9-a172-4792-b50f-fb42b2152f43"
    assert event.caller_name is not None
    assert event.caller_name.startswith("\nUnique-ID: 00000000-")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_display_name_stays_a_name(name: str) -> None:
    """SAFE-2: whatever a caller is called, encoded as the switch does, only the name changes."""
    encoded = "".join(f"%{byte:02X}" for byte in name.encode())
    event = parked(f"Caller-Caller-ID-Name: {encoded}\nvariable_cc_call: c1\n".encode())
    assert (event.uuid, event.cc_call, event.caller_name) == ("leg", "c1", name or None)


@given(st.binary().filter(lambda value: b"\n" not in value))
def test_raw_bytes_in_a_value_harm_nothing(value: bytes) -> None:
    """SAFE-2: bytes that are no UTF-8, encoded or not, are replaced within their own value."""
    event = parked(b"Caller-Caller-ID-Name: " + value + b"\nvariable_cc_call: c1\nvariable_x: " + value + b"\n")
    assert (event.uuid, event.cc_call, event.direction) == ("leg", "c1", "inbound")


def test_the_first_of_two_equal_headers_counts() -> None:
    """SAFE-2: nothing later in an event overrides what came first."""
    event = parked(b"Unique-ID: other\nvariable_cc_call: c1\nvariable_cc_call: c2\nCall-Direction: outbound\n")
    assert (event.uuid, event.cc_call, event.direction) == ("leg", "c1", "inbound")


def test_a_name_inside_another_is_not_taken_for_it() -> None:
    """SAFE-2: `Unique-ID` is not found in `Other-Leg-Unique-ID`, nor `cc_call` in `x_cc_call`."""
    other = b"Other-Leg-Call-Direction: outbound\nvariable_x_cc_call: no\nvariable_cc_call_x: no\n"
    assert parked(other).cc_call is None
    with pytest.raises(MalformedEventError, match="uuid"):
        to_event(HEAD + b"Caller-Unique-ID: leg\nCall-Direction: inbound\nAnswer-State: ringing\n\n")


def test_a_job_keeps_its_output_apart_from_its_headers() -> None:
    """SAFE-2: what a command printed can't stand for a header of the event."""
    output = "\nJob-Command: forged\nContent-Length: 3\n\n+OK 张三"
    head = "Event-Name: BACKGROUND_JOB\nCore-UUID: core\nEvent-Date-Timestamp: 5\nJob-UUID: j"
    event = to_event(f"{head}\nContent-Length: {len(output.encode())}\n\n{output}".encode())
    assert event == events.JobFinished(core_uuid="core", at=5, job_uuid="j", body=output)


def test_jobs_tell_how_they_ended() -> None:
    """QUEUE-4: an originate that fails before a leg exists is told by its job alone (trace 04e)."""
    (job,) = (event for event in all_of("04e-originate-not-registered") if isinstance(event, events.JobFinished))
    assert (job.ok, job.cause, job.command) == (False, "USER_NOT_REGISTERED", "originate")


def test_a_hangup_tells_everything_a_record_needs() -> None:
    """CDR-1: cause, who hung up, and all times in microseconds, None for what never happened (trace 01a)."""
    (event,) = (event for event in all_of("01a-park-abandon-before-answer") if isinstance(event, events.ChannelHungUp))
    assert (event.cause, event.sip_hangup_disposition) == ("ORIGINATOR_CANCEL", "recv_cancel")
    assert event.proto_specific_hangup_cause == "sip:487"
    assert (event.created, event.hung_up) == (1795345209595495, 1795345210615492)
    assert (event.answered, event.progress, event.bridged, event.billmsec) == (None, None, None, 0)


def test_a_bridge_names_both_legs() -> None:
    """WEB-1: both ends of a bridge and of its end are known."""
    found = all_of("06a-bridge-agent-hangs-up-first")
    (bridged,) = (event for event in found if isinstance(event, events.ChannelBridged))
    (unbridged,) = (event for event in found if isinstance(event, events.ChannelUnbridged))
    assert (bridged.a_leg, bridged.b_leg) == (unbridged.a_leg, unbridged.b_leg)
    assert bridged.a_leg.startswith("8ee9c9da")


@pytest.mark.parametrize(
    ("trace", "results"),
    [
        ("03a-ivr-valid-digit", [("2", None)]),
        ("03c-ivr-invalid-and-timeout-single-try", [(None, "9"), (None, None)]),
        ("03d-ivr-hangup-mid-prompt", [(None, None)]),
        ("06d-agent-leaves-caller-parked-survey", [("5", None)]),
    ],
)
def test_the_pressed_keys_are_read_from_the_prompts_own_variable(
    trace: str, results: list[tuple[str | None, str | None]]
) -> None:
    """IVR-1: valid, wrong and no key are told apart (docs/freeswitch.md, section 3)."""
    done = [event for event in all_of(trace) if isinstance(event, events.ExecuteCompleted)]
    asked = [event for event in done if event.app == "play_and_get_digits"]
    assert [(event.digits, event.invalid_digits) for event in asked] == results


def test_devices_come_and_go() -> None:
    """STATE-6: register, a dropped WebSocket, and expiry, which names its user by other headers."""
    dropped = all_of("12d-websocket-dropped")
    first = dropped[0]
    assert isinstance(first, events.DeviceRegistered)
    assert (first.user, first.host, first.status, first.expires) == ("1002", "cc.local", "Registered(WS-NAT)", 60)
    (gone,) = (event for event in dropped if isinstance(event, events.DeviceUnregistered))
    assert (gone.user, gone.call_id, gone.reason) == ("1002", first.call_id, "socket-disconnection")
    (expired,) = (event for event in all_of("12f-registration-expires") if isinstance(event, events.DeviceExpired))
    assert (expired.user, expired.host, expired.lane) == ("1003", "cc.local", "1003@cc.local")


@pytest.mark.parametrize("missing", [b"Core-UUID", b"Event-Date-Timestamp", b"Unique-ID", b"Answer-State"])
def test_an_event_without_what_it_must_have_is_malformed(missing: bytes) -> None:
    """OPS-1: such an event is named by what it lacks, not half understood."""
    body = b"\n".join(line for line in PARK.split(b"\n") if not line.startswith(missing)) + b"\n"
    with pytest.raises(MalformedEventError):
        to_event(body)


@given(st.binary())
def test_any_bytes_give_an_event_nothing_or_a_typed_error(body: bytes) -> None:
    """SAFE-2: nothing that comes over the socket raises anything else."""
    for text in (body, b"Event-Name: BACKGROUND_JOB\n" + body, PARK + body):
        with contextlib.suppress(MalformedEventError):
            to_event(text)


def dumps() -> list[str]:
    lines = list(recorded.lines("13b-reconnect-and-recover"))
    asked = [line.body.decode() for line in lines if not line.from_switch]
    replies = [line.body.decode() for line in lines if line.headers.get("Content-Type") == "api/response"]
    commands = [text for text in asked if text.startswith("api ")]
    return [reply for command, reply in zip(commands, replies, strict=False) if "uuid_dump" in command]


def test_a_channel_is_rebuilt_from_its_dump() -> None:
    """SAFE-1: everything that a rebuild needs comes back from the switch (trace 13b)."""
    parked_leg, playing_leg, gone = (to_channel(answer) for answer in dumps())
    assert parked_leg is not None
    assert playing_leg is not None
    assert gone is None
    assert (parked_leg.cc_call, parked_leg.cc_state, parked_leg.cc_queue) == ("C1", "talking", "sales")
    assert (playing_leg.cc_call, playing_leg.application, playing_leg.state) == ("C2", "playback", "CS_EXECUTE")
    assert playing_leg.is_parked
    assert not playing_leg.is_bridged
    assert playing_leg.application_data == "local_stream://default"


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"Unique-ID": 5}'])
def test_an_unreadable_dump_is_an_error(answer: str) -> None:
    """SAFE-1: a reconcile must not go on with half of the channels."""
    with pytest.raises(MalformedAnswerError):
        to_channel(answer)

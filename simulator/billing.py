"""The variables written at hang-up: cause, time stamps, durations (mod_cdr's and the billing code's input)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.channels import Channel

Q850 = {
    "UNALLOCATED_NUMBER": 1,
    "NO_ROUTE_DESTINATION": 3,
    "NORMAL_CLEARING": 16,
    "USER_BUSY": 17,
    "NO_USER_RESPONSE": 18,
    "NO_ANSWER": 19,
    "SUBSCRIBER_ABSENT": 20,
    "CALL_REJECTED": 21,
    "DESTINATION_OUT_OF_ORDER": 27,
    "INVALID_NUMBER_FORMAT": 28,
    "NORMAL_TEMPORARY_FAILURE": 41,
    "ORIGINATOR_CANCEL": 487,
    "LOSE_RACE": 502,
    "MANAGER_REQUEST": 503,
    "ATTENDED_TRANSFER": 600,
    "ALLOTTED_TIMEOUT": 602,
    "USER_NOT_REGISTERED": 606,
    "MEDIA_TIMEOUT": 604,
    "CHAN_NOT_IMPLEMENTED": 66,
    "INVALID_GATEWAY": 608,
    "PICKED_OFF": 605,
    "NORMAL_UNSPECIFIED": 31,
    "CALL_AWARDED_DELIVERED": 7,
}
"""ISDN numbers of the hang-up causes (switch_types.h)."""

_STAMPED = {
    "start": "created",
    "profile_start": "profile_created",
    "answer": "answered",
    "bridge": "bridged",
    "progress": "progress",
    "end": "hangup",
}
_EPOCHS = (
    "start",
    "profile_start",
    "answer",
    "bridge",
    "last_hold",
    "resurrect",
    "progress",
    "progress_media",
    "end",
)
_RTP_COUNTERS = (
    "in_raw_bytes",
    "in_media_bytes",
    "in_packet_count",
    "in_media_packet_count",
    "in_skip_packet_count",
    "in_jitter_packet_count",
    "in_dtmf_packet_count",
    "in_cng_packet_count",
    "in_flush_packet_count",
    "in_largest_jb_size",
    "out_raw_bytes",
    "out_media_bytes",
    "out_packet_count",
    "out_media_packet_count",
    "out_skip_packet_count",
    "out_dtmf_packet_count",
    "out_cng_packet_count",
)


def stamp(microseconds: int) -> str:
    """`2026-11-22 11:32:26`, the switch's local time being UTC here."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def closing_variables(channel: "Channel") -> dict[str, str]:
    """Everything HANGUP_COMPLETE adds: stamps, epochs, durations, media statistics."""
    times = channel.times
    moments = {name: times.get(_STAMPED.get(name, name), 0) for name in _EPOCHS}
    variables = {
        "hangup_cause": channel.hangup_cause,
        "hangup_cause_q850": str(Q850.get(channel.hangup_cause, 16)),
        "digits_dialed": channel.digits_dialed or "none",
    }
    variables |= {f"{name}_stamp": stamp(moments[name]) for name in _STAMPED if moments[name]}
    for name, moment in moments.items():
        variables |= {f"{name}_epoch": str(moment // 1_000_000), f"{name}_uepoch": str(moment)}
    hold = times["hold_accum"]
    variables |= {
        "hold_accum_seconds": str(hold // 1_000_000),
        "hold_accum_usec": str(hold),
        "hold_accum_ms": str(hold // 1000),
    }
    variables |= _durations(moments)
    variables["caller_id"] = f'"{channel.profile.caller_name}" <{channel.profile.caller_number}>'
    return variables | media_statistics(channel)


def _durations(moments: dict[str, int]) -> dict[str, str]:
    start, answer, end = moments["start"], moments["answer"], moments["end"]
    spans = {
        "duration": end - start,
        "bill": end - answer if answer else 0,
        "progress": moments["progress"] - start if moments["progress"] else 0,
        "answer": answer - start if answer else 0,
        "wait": moments["bridge"] - start if moments["bridge"] else 0,
        "progress_media": moments["progress_media"] - start if moments["progress_media"] else 0,
        "flow_bill": end - moments["profile_start"],
    }
    variables: dict[str, str] = {}
    for name, span in spans.items():
        whole, milli, micro = (
            ("duration", "mduration", "uduration")
            if name == "duration"
            else (f"{name}sec", f"{name}msec", f"{name}usec")
        )
        variables |= {whole: str(round(span / 1e6)), milli: str(round(span / 1e3)), micro: str(span)}
    return variables


def media_statistics(channel: "Channel") -> dict[str, str]:
    """RTP counters: 50 packets of 172 bytes for every second since the answer."""
    until = channel.times["hangup"] or channel.now()
    packets = (until - channel.times["answered"]) // 20_000 if channel.times["answered"] else 0
    variables = {f"rtp_audio_{name}": "0" for name in _RTP_COUNTERS}
    for way in ("in", "out"):
        variables |= {
            f"rtp_audio_{way}_packet_count": str(packets),
            f"rtp_audio_{way}_media_packet_count": str(packets),
            f"rtp_audio_{way}_raw_bytes": str(packets * 172),
            f"rtp_audio_{way}_media_bytes": str(packets * 172),
        }
    return variables | {
        "rtp_audio_in_quality_percentage": "100.00",
        "rtp_audio_in_mos": "4.50",
        "rtp_audio_in_jitter_loss_rate": "0.00",
    }

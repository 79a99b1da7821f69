"""The recorded sessions of a real switch, through frames and typed events."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esl_handlers.frames import FrameReader
from esl_handlers.switch_events import SwitchEvent
from esl_handlers.translate import to_event
from tests.esl import recorded

CHUNKS = st.lists(st.integers(1, 9000), min_size=1, max_size=20)


@pytest.mark.parametrize("name", recorded.names())
@settings(max_examples=5, deadline=None)
@given(sizes=CHUNKS)
def test_frames_come_out_as_sent_however_the_bytes_are_cut(name: str, sizes: list[int]) -> None:
    """SAFE-1: whatever pieces the network delivers, each message comes out once, whole and in order."""
    sent = recorded.from_switch(name)
    stream = b"".join(line.wire for line in sent)
    reader, frames, start, turn = FrameReader(), [], 0, 0
    while start < len(stream):
        size = sizes[turn % len(sizes)]
        frames += reader.feed(stream[start : start + size])
        start, turn = start + size, turn + 1
    reader.feed_eof()
    assert [(_meaning(frame.headers), frame.body) for frame in frames] == [
        (_meaning(line.headers), line.body) for line in sent
    ]


@pytest.mark.parametrize("name", recorded.names())
def test_every_recorded_event_is_understood_or_unknown(name: str) -> None:
    """SAFE-1: no recorded event is malformed to us; those of our kinds carry their run and time."""
    for body in recorded.event_bodies(name):
        event = to_event(body)
        if event is not None:
            assert isinstance(event, SwitchEvent)
            assert len(event.core_uuid) == 36
            assert event.at > 1_700_000_000_000_000


def _meaning(headers: Mapping[str, str]) -> dict[str, str]:
    """A frame's headers without the length, which its body tells."""
    return {name: value for name, value in headers.items() if name != "Content-Length"}

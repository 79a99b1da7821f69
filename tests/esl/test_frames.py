"""The frame reader: bytes in any pieces, limits, and ends in the wrong place."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esl_handlers.errors import BrokenStreamError, FrameTooLargeError, TruncatedFrameError
from esl_handlers.frames import Frame, FrameLimits, FrameReader

FRAMES = [
    b"Content-Type: auth/request\n\n",
    b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n",
    b"Content-Length: 13\nContent-Type: text/event-plain\n\nEvent-Name:\n\n",
    b"Content-Type: api/response\nContent-Length: 13\n\n" + "张三 李四".encode(),
]
SESSION = b"".join(FRAMES)
ENDS = list(itertools.accumulate(len(frame) for frame in FRAMES))


@pytest.mark.parametrize("length", range(len(SESSION) + 1))
def test_an_end_at_any_byte_is_clean_or_named(length: int) -> None:
    """SAFE-1: the stream may end anywhere; only between frames is that no error."""
    reader = FrameReader()
    frames = reader.feed(SESSION[:length])
    assert len(frames) == sum(end <= length for end in ENDS)
    if length == 0 or length in ENDS:
        reader.feed_eof()
    else:
        with pytest.raises(TruncatedFrameError):
            reader.feed_eof()


@given(st.integers(1, 7))
def test_lengths_count_bytes(size: int) -> None:
    """A body's length is in bytes, not letters, however it is cut (docs/freeswitch.md, section 14)."""
    reader = FrameReader()
    frames: list[Frame] = []
    for start in range(0, len(SESSION), size):
        frames += reader.feed(SESSION[start : start + size])
    assert frames[-1].body.decode() == "张三 李四"
    assert [frame.content_type for frame in frames] == [
        "auth/request",
        "command/reply",
        "text/event-plain",
        "api/response",
    ]


def test_bytes_that_are_no_utf8_stay_inside_their_value() -> None:
    """SAFE-2: broken text in a header is shown broken and swallows nothing of the next line."""
    frame = FrameReader().feed(b"Reply-Text: a\xe5\xbc\nContent-Type: command/reply\n\n")[0]
    assert frame.headers == {"Reply-Text": "a\ufffd", "Content-Type": "command/reply"}


def test_only_the_newline_byte_ends_a_header() -> None:
    """SAFE-2: the other characters that Python takes for line ends don't make headers."""
    text = "x\u2028Content-Length: 5\x0bContent-Length: 6\x85\rContent-Length: 7"
    frame = FrameReader().feed(f"Reply-Text: {text}\n\n".encode())[0]
    assert frame.headers == {"Reply-Text": text}


def test_the_first_of_two_equal_headers_counts() -> None:
    """SAFE-2: a header can't be overridden by a later one."""
    frame = FrameReader().feed(b"Content-Length: 2\nContent-Length: 0\n\nhi")[0]
    assert frame.body == b"hi"


def test_empty_lines_between_frames_mean_nothing() -> None:
    """A switch may send stray newlines."""
    reader = FrameReader()
    assert [frame.content_type for frame in reader.feed(b"\n\n\nContent-Type: a\n\n\n\n")] == ["a"]
    reader.feed_eof()


@pytest.mark.parametrize("piece", [b"A: " + b"x" * 100, b"A: " + b"x" * 100 + b"\n\n"])
def test_headers_are_bounded(piece: bytes) -> None:
    """SAFE-2: a header block that never ends, or ends too late, is an error, and stays one."""
    reader = FrameReader(FrameLimits(header=100))
    with pytest.raises(FrameTooLargeError):
        reader.feed(piece)
    with pytest.raises(FrameTooLargeError):
        reader.feed(b"Content-Type: auth/request\n\n")


@pytest.mark.parametrize("length", ["101", "9" * 5000])
def test_bodies_are_bounded(length: str) -> None:
    """SAFE-2: a body is refused by its announced length, before it comes."""
    with pytest.raises(FrameTooLargeError):
        FrameReader(FrameLimits(body=100)).feed(f"Content-Length: {length}\n\n".encode())


@pytest.mark.parametrize("length", ["-1", "1e3", "", "0x10", "²"])
def test_a_length_that_is_no_number_breaks_the_stream(length: str) -> None:
    """SAFE-2: nobody knows where the next frame would begin."""
    with pytest.raises(BrokenStreamError):
        FrameReader().feed(f"Content-Length: {length}\n\n".encode())


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_give_frames_or_a_typed_error(pieces: list[bytes]) -> None:
    """SAFE-2: nothing that comes over the socket raises anything else."""
    reader = FrameReader(FrameLimits(header=64, body=64))
    try:
        for piece in pieces:
            reader.feed(piece)
        reader.feed_eof()
    except BrokenStreamError:
        pass

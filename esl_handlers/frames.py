"""Event socket bytes to frames, without a socket.

A frame is a block of `Name: value` lines, an empty line, and as many bytes of body as its
Content-Length says (docs/freeswitch.md, section 14). Lines are split at the newline byte alone
and each value is decoded by itself, so no text inside a value can become a header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from esl_handlers.errors import BrokenStreamError, FrameTooLargeError, TruncatedFrameError


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """Longest header block and body that are read, in bytes."""

    header: int = 64 * 1024
    body: int = 64 * 1024 * 1024


class Frame(NamedTuple):
    """One message of the switch: its own headers, and its body untouched."""

    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """`auth/request`, `command/reply`, `api/response`, `text/event-plain`, ...; empty if not given."""
        return self.headers.get("Content-Type", "")


#: How nearly every frame begins; whatever begins otherwise is read line by line.
_EVENT = re.compile(rb"Content-Length: ([0-9]{1,18})\nContent-Type: text/event-plain\n\n")


_EVENT_HEADERS: Mapping[str, str] = MappingProxyType({"Content-Type": "text/event-plain"})


class FrameReader:
    """Collects bytes and gives out whole frames; after an error it stays unusable."""

    def __init__(self, limits: FrameLimits | None = None) -> None:
        self._limits = limits or FrameLimits()
        self._pending: list[bytes] = []  # the beginning of a frame that is not complete yet
        self._length = 0  # of that beginning
        self._wanted = 1  # how long it must be before another look is worth while
        self._broken: BrokenStreamError | None = None

    def feed(self, data: bytes) -> list[Frame]:
        """Add what was read and return the frames that are complete now.

        Raises:
            FrameTooLargeError: a header block or body exceeds the limits.
            BrokenStreamError: a Content-Length is no number, or the stream was broken before.
        """
        if self._broken:
            raise self._broken
        self._pending.append(data)
        self._length += len(data)
        if self._length < self._wanted:
            return []
        data = b"".join(self._pending)
        try:
            frames, used = self._cut(data)
        except BrokenStreamError as broken:
            self._broken = broken
            raise
        self._pending = [data[used:]]
        self._length -= used
        return frames

    def feed_eof(self) -> None:
        """Say that the stream ended.

        Raises:
            TruncatedFrameError: it ended inside a frame.
        """
        if b"".join(self._pending).strip(b"\n"):
            self._broken = TruncatedFrameError("The switch's stream ended in the middle of a message.")
            raise self._broken

    def _cut(self, data: bytes) -> tuple[list[Frame], int]:
        frames: list[Frame] = []
        start = 0
        headers: Mapping[str, str]
        while True:
            while data.startswith(b"\n", start):  # empty lines between frames mean nothing
                start += 1
            usual = _EVENT.match(data, start)
            if usual:
                body, headers, length = usual.end(), _EVENT_HEADERS, self._bounded(int(usual[1]))
            else:
                end = data.find(b"\n\n", start, start + self._limits.header + 2)
                if end < 0:
                    self._expect_headers(len(data) - start)
                    return frames, start
                body, headers = end + 2, _parse_headers(data[start:end])
                length = self._length_of_body(headers)
            stop = body + length
            if stop > len(data):
                self._wanted = stop - start
                return frames, start
            frames.append(Frame(headers, data[body:stop]))
            start = stop

    def _expect_headers(self, length: int) -> None:
        if length > self._limits.header:
            raise FrameTooLargeError(f"A message's headers exceed {self._limits.header} bytes.")
        self._wanted = length + 1

    def _length_of_body(self, headers: Mapping[str, str]) -> int:
        text = headers.get("Content-Length", "0")
        if not text.isdecimal():
            raise BrokenStreamError("A message's Content-Length is no number.")
        return self._bounded(int(text[:19]))  # a longer number is too large whatever follows

    def _bounded(self, length: int) -> int:
        if length > self._limits.body:
            raise FrameTooLargeError(f"A message's body exceeds {self._limits.body} bytes.")
        return length


def _parse_headers(block: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in block.split(b"\n"):
        name, _, value = line.decode("utf-8", "replace").partition(": ")
        if name not in headers:
            headers[name] = value
    return headers

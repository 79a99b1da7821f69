"""The recorded sessions of tests/traces as bytes, the way the switch sent them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TRACES = Path(__file__).parent.parent / "traces"


@dataclass(frozen=True)
class Line:
    """One line of a trace."""

    from_switch: bool
    headers: dict[str, str]
    body: bytes

    @property
    def wire(self) -> bytes:
        """The line as it was on the wire."""
        head = "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        return (head + "\n").encode() + self.body


def names() -> list[str]:
    """The names of all traces."""
    return sorted(path.stem for path in TRACES.glob("*.jsonl"))


def lines(name: str) -> Iterator[Line]:
    """All lines of one trace, in order."""
    with (TRACES / f"{name}.jsonl").open(encoding="utf-8") as trace:
        for text in trace:
            line = json.loads(text)
            yield Line(line["dir"] == "<", line["headers"], line["body"].encode("utf-8", "surrogateescape"))


def from_switch(name: str) -> list[Line]:
    """What the switch sent in one trace."""
    return [line for line in lines(name) if line.from_switch]


def event_bodies(name: str) -> list[bytes]:
    """The raw text of all plain events of one trace."""
    return [line.body for line in from_switch(name) if line.headers["Content-Type"] == "text/event-plain"]
